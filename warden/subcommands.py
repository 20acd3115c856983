"""A command line of subcommands: chooses one, and imports no other."""

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module


def run_subcommand(
    arguments: Sequence[str], *, package: str, commands: Sequence[str], prog: str, description: str
) -> int:
    """Run one subcommand.

    Args:
        arguments: The command line, the subcommand first.
        package: Where the subcommands are.
        commands: Their names: each is a module of the package with `add_parser(subparsers)`, which
            sets `run` to a function from the parsed arguments to the exit status.
        prog: What usage lines begin with.
        description: What all of them are about.

    Returns:
        The exit status of the subcommand; 1 where nobody reads its output to the end.
    """
    parser = argparse.ArgumentParser(prog=prog, description=description)
    subparsers = parser.add_subparsers(required=True, metavar="COMMAND")
    chosen = [name for name in commands if arguments and arguments[0] == name]
    for name in chosen or commands:
        import_module(f"{package}.{name}").add_parser(subparsers)
    parsed = parser.parse_args(arguments)
    try:
        status: int = parsed.run(parsed)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read our output has seen enough; Python must not complain while it exits.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return status
