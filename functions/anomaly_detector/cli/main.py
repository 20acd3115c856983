"""The command line: chooses the subcommand, and imports no other."""

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Final

COMMANDS: Final = ("backtest", "flows")
"""Subcommands: each is a module of this package with `add_parser(subparsers)`, which sets `run` to
a function from the parsed arguments to the exit status."""


def main(arguments: Sequence[str], *, prog: str = "python -m functions.anomaly_detector") -> int:
    """Run one subcommand.

    Args:
        arguments: The command line, the subcommand first.
        prog: What usage lines begin with.

    Returns:
        0 when it succeeded or nothing would have been told, 1 for alerts, 2 when the input could
        not be read or the command line is wrong, 3 when it could not be told.
    """
    parser = argparse.ArgumentParser(
        prog=prog,
        description="What the anomaly-detector knows of the functions that it watches.",
    )
    subparsers = parser.add_subparsers(required=True, metavar="COMMAND")
    chosen = [name for name in COMMANDS if arguments and arguments[0] == name]
    for name in chosen or COMMANDS:
        import_module(f"functions.anomaly_detector.cli.{name}").add_parser(subparsers)
    parsed = parser.parse_args(arguments)
    try:
        status: int = parsed.run(parsed)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read our output has seen enough; Python must not complain while it exits.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return status
