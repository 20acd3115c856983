"""`inspect`: what is inside a deployment package."""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from functions.scanner.inventory.sbom import to_cyclonedx
from functions.shared.core.packages import Inventory
from functions.shared.core.text import plain
from warden.scan.artifacts import (
    FOUND,
    INPUT_UNREADABLE,
    NOTHING_FOUND,
    ArtifactError,
    is_incomplete,
    is_unreadable,
    read_artifacts,
)
from warden.scan.columns import columns

if TYPE_CHECKING:
    from argparse import _SubParsersAction


def add_parser(subparsers: "_SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the subcommand."""
    parser = subparsers.add_parser(
        "inspect",
        help="list the packages inside a deployment package",
        description="List the packages really inside a deployment package and its layers.",
        epilog="Exit status: 0 everything was read; 1 a problem counts by --fail-on; "
        "2 the input could not be read.",
    )
    parser.add_argument("zip", type=Path, metavar="ZIP", help="deployment package")
    parser.add_argument(
        "--layer", type=Path, action="append", default=[], metavar="ZIP", help="a layer's package"
    )
    parser.add_argument(
        "--format",
        choices=("json", "cyclonedx", "table"),
        help="default: table on a terminal, json in a pipe",
    )
    parser.add_argument(
        "--fail-on",
        choices=("incomplete", "any", "never"),
        default="incomplete",
        help="problems that make the exit status 1: contents that could not be read or "
        "understood, any problem, or none (default: %(default)s)",
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Inspect, print, and return the exit status."""
    try:
        inventory = read_artifacts(arguments.zip, arguments.layer)
    except ArtifactError as error:
        print(error, file=sys.stderr)
        return INPUT_UNREADABLE
    inventory = Inventory(
        tuple(sorted(inventory.packages, key=lambda p: (p.ecosystem, p.name, p.version, p.path))),
        inventory.problems,
    )
    chosen = arguments.format or ("table" if sys.stdout.isatty() else "json")
    print({"json": as_json, "cyclonedx": to_cyclonedx, "table": as_table}[chosen](inventory))
    if is_unreadable(inventory):
        return INPUT_UNREADABLE
    counts = {
        "incomplete": is_incomplete(inventory),
        "any": bool(inventory.problems),
        "never": False,
    }
    return FOUND if counts[arguments.fail_on] else NOTHING_FOUND


def as_json(inventory: Inventory) -> str:
    """The answer for programs."""
    return json.dumps(
        {
            "packages": [asdict(package) for package in inventory.packages],
            "problems": [asdict(problem) for problem in inventory.problems],
        },
        indent=2,
    )


def as_table(inventory: Inventory) -> str:
    """The answer for people."""
    head = ("ECOSYSTEM", "NAME", "VERSION", "EVIDENCE", "PATH")
    rows = [
        (package.ecosystem, plain(package.name), plain(package.version) or "?", package.evidence,
         plain(package.path))
        for package in inventory.packages
    ]  # fmt: skip
    lines = columns([head, *rows]) if rows else ["no packages found"]
    lines += [f"problem: {problem.code}: {problem.detail}" for problem in inventory.problems]
    return "\n".join(lines)
