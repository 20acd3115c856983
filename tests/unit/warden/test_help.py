"""Help that suffices without the README, and doors that lead where they say."""

import re
import shlex
import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from warden import doors
from warden.doors import DOORS, Door
from warden.main import main


def _listed() -> list[str]:
    return main.list_commands(click.Context(main))


OWN = [name for name in _listed() if name not in DOORS]


def _help(*path: str) -> str:
    done = CliRunner().invoke(main, [*path, "--help"], prog_name="warden")
    assert done.exit_code == 0, done.output
    return done.stdout


def _examples(text: str) -> list[str]:
    """The command lines of a help text; `\\` continues a line, two spaces end it, a pipe, too."""
    block = text.split("Examples:\n", 1)[1].split("\n\n", 1)[0].replace("\\\n", " ")
    lines = [line.strip() for line in block.splitlines()]
    return [re.split(r"(?<=\S)\s{2,}(?!--)| \| ", line)[0] for line in lines]


def test_the_help_lists_every_command_and_every_status() -> None:
    text = _help()
    for name in _listed():
        assert f"\n  {name} " in text
    for status in range(4):
        assert f"\n    {status}  " in text
    assert "NO_COLOR" in text


@pytest.mark.parametrize("name", OWN)
def test_every_command_explains_itself_with_examples_that_parse(name: str) -> None:
    text = _help(name)
    assert "Exit status: 0 " in text
    found = _examples(text)
    assert found
    for example in found:
        program, command, *arguments = shlex.split(example)
        assert (program, command) == ("warden", name), example
        arguments = [one.replace("payments.toml", __file__) for one in arguments]
        known = main.get_command(click.Context(main), name)
        assert known is not None
        known.make_context(name, arguments)


def test_a_command_is_described_in_the_same_way_where_it_is_listed() -> None:
    text = " ".join(_help().split())
    for name in OWN:
        known = main.get_command(click.Context(main), name)
        assert known is not None
        assert known.help is not None
        first, _, _ = known.help.partition("\n\n")
        assert f"{name} {' '.join(first.split())}" in text


@pytest.mark.parametrize("name", DOORS)
def test_a_door_passes_help_and_status_on(name: str) -> None:
    text = _help(name)
    assert text.startswith("usage: warden ")
    done = CliRunner().invoke(main, [name, "--no-such-option"], prog_name="warden")
    assert done.exit_code == 2


def test_a_door_to_a_part_that_is_not_installed_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    nowhere = {"beyond": Door("no_such_module_here.cli", "Leads nowhere.")}
    monkeypatch.setattr(doors, "DOORS", nowhere)
    done = CliRunner().invoke(doors.door("beyond"), [], prog_name="warden beyond")
    assert done.exit_code == 2
    assert "needs no_such_module_here, which is not installed" in done.stderr


def test_unknown_commands_are_status_2() -> None:
    done = CliRunner().invoke(main, ["alert"])
    assert done.exit_code == 2
    assert "No such command 'alert'" in done.stderr


def test_choosing_a_command_imports_neither_boto3_nor_the_others() -> None:
    code = (
        "import sys; sys.argv = ['warden', '--help']\n"
        "from warden.main import main\n"
        "try: main()\nexcept SystemExit: pass\n"
        "sys.exit('boto3' in sys.modules or 'warden.commands.alerts' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert done.returncode == 0
