"""The command line: its subcommands, and what it answers."""

from collections.abc import Sequence
from typing import Final

from warden.subcommands import run_subcommand

COMMANDS: Final = ("inspect", "match", "drift")
"""Subcommands: each is a module of this package."""


def main(arguments: Sequence[str], *, prog: str = "warden scan") -> int:
    """Run one subcommand.

    Args:
        arguments: The command line without the program.
        prog: What usage lines begin with.

    Returns:
        0 when nothing was found, 1 for findings, 2 when the input could not be read or the
        command line is wrong.
    """
    return run_subcommand(
        arguments,
        package="warden.scan",
        commands=COMMANDS,
        prog=prog,
        description="What is deployed, is it vulnerable, is it what the repository says.",
    )
