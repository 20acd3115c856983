"""The command line: chooses the subcommand."""

import argparse
import os
import sys
from collections.abc import Sequence

from functions.anomaly_detector.cli import backtest


def main(arguments: Sequence[str]) -> int:
    """Run one subcommand.

    Returns:
        0 when nothing would have been told, 1 for alerts, 2 when the input could not be read or
        the command line is wrong.
    """
    parser = argparse.ArgumentParser(
        prog="python -m functions.anomaly_detector",
        description="What the anomaly-detector would have told about a function.",
    )
    subparsers = parser.add_subparsers(required=True, metavar="COMMAND")
    backtest.add_parser(subparsers)
    parsed = parser.parse_args(arguments)
    try:
        status: int = parsed.run(parsed)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read our output has seen enough; Python must not complain while it exits.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return status
