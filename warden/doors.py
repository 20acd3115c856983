"""Thin doors to modules that run by themselves: `warden scan …` leads to warden.scan.main.

A new door is a line in `DOORS`. Behind it stands a module with
`main(arguments: Sequence[str], *, prog: str) -> int`, where `prog` is what usage lines begin with
and the result is the exit status.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Final

import click

from warden.failure import RefusedError


@dataclass(frozen=True, slots=True)
class Door:
    """A module that has a command line of its own.

    Attributes:
        module: Its name.
        says: What it does, one line.
        begins: Arguments that stand before those of the caller.
        prog: What usage lines begin with, where that is another command than this one.
    """

    module: str
    says: str
    begins: tuple[str, ...] = ()
    prog: str = ""


DOORS: Final[Mapping[str, Door]] = {
    "scan": Door(
        "warden.scan.main",
        "Inspect packages, match them with advisories, compare with a lockfile.",
    ),
    "inventory": Door(
        "warden.scan.main",
        "List what is inside a package: `warden scan inspect`.",
        begins=("inspect",),
        prog="warden scan",
    ),
    "backtest": Door(
        "warden.backtest.main",
        "Show what would have been told of a function's past, from CloudWatch or a CSV file.",
        begins=("backtest",),
        prog="warden",
    ),
    "guard": Door(
        "warden.commands.guard",
        "Stop, resume or undo what limits functions; show what stands, and why.",
    ),
    "replay": Door(
        "demo.replay.__main__", "Feed a file of events through the rules, in a local AWS."
    ),
}


def door(name: str) -> click.Command:
    """The command that passes its arguments, `--help` among them, on to the module."""

    @click.pass_context
    def enter(context: click.Context, arguments: tuple[str, ...]) -> None:
        one = DOORS[name]
        path = context.command_path
        try:
            run = import_module(one.module).main
        except ModuleNotFoundError as error:
            raise RefusedError(
                f"`{path}` needs {error.name}, which is not installed. In a checkout of "
                "the project, `make setup` installs everything."
            ) from error
        context.exit(run([*one.begins, *arguments], prog=one.prog or path))

    return click.Command(
        name,
        callback=enter,
        params=[click.Argument(["arguments"], nargs=-1, type=click.UNPROCESSED)],
        context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
        add_help_option=False,
        short_help=DOORS[name].says,
    )
