"""The command line: its subcommands, and what it answers."""

from collections.abc import Sequence
from typing import Final

from warden.subcommands import run_subcommand

COMMANDS: Final = ("backtest", "flows")
"""Subcommands: each is a module of this package."""


def main(arguments: Sequence[str], *, prog: str = "warden") -> int:
    """Run one subcommand.

    Args:
        arguments: The command line, the subcommand first.
        prog: What usage lines begin with.

    Returns:
        0 when it succeeded or nothing would have been told, 1 for alerts, 2 when the input could
        not be read or the command line is wrong, 3 when it could not be told.
    """
    return run_subcommand(
        arguments,
        package="warden.backtest",
        commands=COMMANDS,
        prog=prog,
        description="What the anomaly-detector knows of the functions that it watches.",
    )
