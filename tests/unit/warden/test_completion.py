"""The TAB key, in the shells themselves where they are installed."""

import os
import pty
import re
import select
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest
from click.shell_completion import ShellComplete

from functions.shared.core.rules import RULES
from warden import completing
from warden.main import main

_BIN: Final = Path(sys.executable).parent
_CONFIG: Final = "[default]\n[profile shop-production]\n[profile shop-test]\n[sso-session shop]\n"


@pytest.fixture(autouse=True)
def _profiles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "config").write_text(_CONFIG)
    (tmp_path / "credentials").write_text("[old]\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))


def _offered(*words: str) -> list[str]:
    """What the TAB key offers for the last of some words."""
    complete = ShellComplete(main, {}, "warden", "_WARDEN_COMPLETE")
    return [one.value for one in complete.get_completions(list(words[:-1]), words[-1])]


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (["al"], ["alerts"]),
        (["si"], ["silence"]),
        (["scan", ""], ["inspect", "match", "drift"]),
        (["guard", "re"], ["release", "resume"]),
        (["alerts", "--se"], ["--severity"]),
        (["alerts", "--severity", "c"], ["critical"]),
        (["alerts", "--format", ""], ["table", "json"]),
        (["flows", "--format", "s"], ["svg"]),
        (["scan", "drift", "--fail-on", "m"], ["missing"]),
        (["silence", "--kind", "an"], ["anomaly"]),
        (["completion", ""], ["bash", "zsh", "fish"]),
        (["alerts", "--profile", "shop"], ["shop-production", "shop-test"]),
        (["alerts", "--profile", ""], ["default", "old", "shop-production", "shop-test"]),
        (["alerts", "--region", "eu-west-"], ["eu-west-1", "eu-west-2", "eu-west-3"]),
    ],
)
def test_words_are_completed(words: list[str], offered: list[str]) -> None:
    assert _offered(*words) == offered


def test_rules_are_completed_from_the_catalogue() -> None:
    assert _offered("alerts", "--rule", "") == sorted(RULES)


@pytest.mark.parametrize("content", [None, "no section", "[a\n[b]", "\udcff"])
def test_a_configuration_that_cannot_be_read_offers_nothing(
    content: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        file = tmp_path / "broken"
        if content is not None:
            file.write_text(content, encoding="utf-8", errors="surrogateescape")
        monkeypatch.setenv(variable, str(file))
    assert completing.profiles() <= {"b"}


def _script(shell: str, folder: Path) -> Path:
    file = folder / f"warden.{shell}"
    done = subprocess.run(
        [str(_BIN / "warden"), "completion", shell], capture_output=True, text=True, check=True
    )
    file.write_text(done.stdout)
    return file


def _in_bash(words: list[str], script: Path, _wanted: set[str]) -> set[str]:
    line = " ".join(shlex.quote(word) for word in ["warden", *words])
    said = _output(
        "bash",
        "-c",
        f"source {script}\nCOMP_WORDS=({line})\nCOMP_CWORD={len(words)}\n"
        '_warden_completion warden\nprintf "%s\\n" "${COMPREPLY[@]}"',
    )
    return set(said)


def _in_fish(words: list[str], script: Path, _wanted: set[str]) -> set[str]:
    line = shlex.join(["warden", *words[:-1]]) + f" {words[-1]}"
    shown = _output("fish", "--no-config", "-c", f'source {script}; complete -C "{line}"')
    return {one.split("\t")[0] for one in shown}


def _in_zsh(words: list[str], script: Path, wanted: set[str]) -> set[str]:
    """What zsh makes of the line on a terminal; it completes nowhere else."""
    ours, theirs = pty.openpty()
    line = " ".join(["warden", *words])
    with subprocess.Popen(
        ["zsh", "-f", "-i"], stdin=theirs, stdout=theirs, stderr=theirs, env=_environment(),
        start_new_session=True,
    ) as shell:  # fmt: skip
        os.close(theirs)
        setup = f"autoload -Uz compinit; compinit -u -D; source {script}; PS1='ready''> '\n"
        os.write(ours, setup.encode())
        _read_until(ours, "ready> ")
        # Twice: the first TAB may only complete what all have in common, the second lists.
        os.write(ours, f"{line}\t\t".encode())
        shown = _read_until(ours, *wanted)
        shell.kill()
    os.close(ours)
    found = re.findall(r"[a-z][a-z0-9-]*[a-z0-9]", re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", " ", shown))
    return {one for one in found if one.startswith(words[-1])} - {words[-1], "shop"}


def _read_until(terminal: int, *wanted: str) -> str:
    """What a terminal shows until all that is wanted is there."""
    deadline = time.monotonic() + 60
    shown = ""
    while not all(one in shown for one in wanted):
        assert time.monotonic() < deadline, shown
        if select.select([terminal], [], [], 0.2)[0]:
            shown += os.read(terminal, 4096).decode(errors="replace")
    return shown


def _environment() -> dict[str, str]:
    path = f"{_BIN}{os.pathsep}{os.environ['PATH']}"
    return {**os.environ, "PATH": path, "TERM": "xterm", "COLUMNS": "100"}


def _output(*command: str) -> list[str]:
    done = subprocess.run(
        command, env=_environment(), capture_output=True, text=True, check=False, timeout=120
    )
    assert done.stderr == ""
    return [line for line in done.stdout.splitlines() if line]


@pytest.mark.parametrize(
    ("shell", "typed"),
    [
        pytest.param(
            shell, typed,
            marks=pytest.mark.skipif(shutil.which(shell) is None, reason=f"{shell} is missing"),
        )
        for shell, typed in (("bash", _in_bash), ("zsh", _in_zsh), ("fish", _in_fish))
    ],
)  # fmt: skip
def test_the_script_works_in_its_shell(
    shell: str, typed: Callable[[list[str], Path, set[str]], set[str]], tmp_path: Path
) -> None:
    script = _script(shell, tmp_path)
    for words, wanted in (
        (["al"], {"alerts"}),
        (["guard", "re"], {"release", "resume"}),
        (["alerts", "--profile", "shop"], {"shop-production", "shop-test"}),
    ):
        assert typed(words, script, wanted) == wanted
