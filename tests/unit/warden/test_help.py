"""Help that suffices without the README."""

import re
import shlex
from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner

from tests.unit.warden.terminal import main
from warden import status
from warden.main import COMMANDS
from warden.main import main as program


def every_command() -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Each command that does something, with the words that call it."""
    waiting: list[tuple[tuple[str, ...], click.Command]] = [((), program)]
    while waiting:
        path, command = waiting.pop()
        if not isinstance(command, click.Group):
            yield path, command
            continue
        for name in command.list_commands(click.Context(command)):
            below = command.get_command(click.Context(command), name)
            assert below is not None
            waiting.append(((*path, name), below))


LEAVES = sorted(every_command(), key=lambda found: found[0])
NAMES = [name for rows in COMMANDS.values() for name in rows]


def ids(value: object) -> str:
    return " ".join(value) if isinstance(value, tuple) else ""


def _help(*path: str) -> str:
    done = CliRunner().invoke(program, [*path, "--help"], prog_name="warden")
    assert done.exit_code == 0, done.output
    return done.stdout


def _examples(text: str) -> list[str]:
    """The command lines of a help text; `\\` continues a line, two spaces end it, a pipe, too."""
    block = text.split("Examples:\n", 1)[1].split("\n\n", 1)[0].replace("\\\n", " ")
    lines = [line.strip() for line in block.splitlines()]
    return [re.split(r"(?<=\S)\s{2,}(?!--)| \| | > ", line)[0] for line in lines]


def test_the_help_lists_every_command_and_every_status() -> None:
    text = _help()
    for name in NAMES:
        assert f"\n  {name} " in text
    for code in status.MEANINGS:
        assert f"\n    {code} " in text
    assert "NO_COLOR" in text
    assert "AWS_DEFAULT_REGION" in text


@pytest.mark.parametrize(("path", "command"), LEAVES, ids=ids)
def test_every_command_explains_itself_with_examples_that_parse(
    path: tuple[str, ...], command: click.Command
) -> None:
    text = _help(*path)
    assert "Exit status: 0 " in text
    found = _examples(text)
    assert found
    for example in found:
        words = shlex.split(example)
        assert tuple(words[: len(path) + 1]) == ("warden", *path), example
        arguments = [
            __file__ if one in {"payments.toml", "policy.yaml"} else one
            for one in words[len(path) + 1 :]
        ]
        command.make_context(path[-1], arguments)


def test_a_command_is_described_in_the_same_way_where_it_is_listed() -> None:
    for group in (program, program.get_command(click.Context(program), "scan")):
        assert isinstance(group, click.Group)
        context = click.Context(group)
        text = " ".join(group.get_help(context).split())
        for name in group.list_commands(context):
            known = group.get_command(context, name)
            assert known is not None
            assert known.help is not None
            first, _, _ = known.help.partition("\n\n")
            assert f"{name} {' '.join(first.split())}" in text


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (["alert"], "alerts"),
        (["silnce"], "silence"),
        (["scan", "mach"], "match"),
        (["guard", "relase"], "release"),
        (["alerts", "--severty", "high"], "--severity"),
    ],
)
def test_a_mistyped_command_is_answered_with_the_nearest(
    typed: list[str], meant: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(typed) == 2
    said = capsys.readouterr().err
    assert f"Did you mean '{meant}'?" in said or f"'{meant}'" in said.partition("Did you mean")[2]


def test_what_is_like_no_command_is_refused_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["xyzzy"]) == 2
    assert "No such command 'xyzzy'." in capsys.readouterr().err
