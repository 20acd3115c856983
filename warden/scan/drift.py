"""`drift`: whether a deployment package is what the repository's lockfile says."""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Final

from functions.scanner.drift import Drift, Locked, LockfileError, compare, read_lockfile
from functions.scanner.drift.lockfiles.registry import MANIFESTS
from functions.scanner.drift.provided import provided_by
from functions.shared.core.packages import Inventory
from functions.shared.core.text import plain
from warden.scan.artifacts import (
    FOUND,
    INPUT_UNREADABLE,
    NOTHING_FOUND,
    ArtifactError,
    is_unreadable,
    read_artifacts,
)
from warden.scan.columns import columns

if TYPE_CHECKING:
    from argparse import _SubParsersAction

_FAIL_ON: Final = ("any", "changed", "missing", "extra", "never")


def add_parser(subparsers: "_SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the subcommand."""
    parser = subparsers.add_parser(
        "drift",
        help="compare a deployment package with the repository's lockfile",
        description="Compare a deployment package and its layers with a lockfile.",
        epilog="Exit status: 0 no difference; 1 a difference that counts by --fail-on; "
        "2 the input could not be read.",
    )
    parser.add_argument("zip", type=Path, metavar="ZIP", help="deployment package")
    parser.add_argument("--lockfile", type=Path, required=True, metavar="FILE")
    parser.add_argument(
        "--manifest", type=Path, action="append", default=[], metavar="FILE",
        help="package.json or pyproject.toml, to tell development dependencies apart",
    )  # fmt: skip
    parser.add_argument(
        "--layer", type=Path, action="append", default=[], metavar="ZIP", help="a layer's package"
    )
    parser.add_argument(
        "--runtime", default="", metavar="NAME",
        help="for example python3.13: what this runtime provides is not missing",
    )  # fmt: skip
    parser.add_argument(
        "--format", choices=("json", "table"), help="default: table on a terminal, json in a pipe"
    )
    parser.add_argument(
        "--fail-on", choices=_FAIL_ON, action="append", metavar="KIND",
        help=f"differences that make the exit status 1, repeatable: {', '.join(_FAIL_ON)} "
        "(default: any)",
    )  # fmt: skip
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Compare, print, and return the exit status."""
    try:
        locked = _locked(arguments.lockfile, arguments.manifest)
        inventory = read_artifacts(arguments.zip, arguments.layer)
    except (ArtifactError, LockfileError, OSError) as error:
        print(_reason(error), file=sys.stderr)
        return INPUT_UNREADABLE
    names = frozenset(package.name for package in locked.packages)
    drift = compare(inventory, locked, provided=provided_by(arguments.runtime, names))
    chosen = arguments.format or ("table" if sys.stdout.isatty() else "json")
    writer = as_json if chosen == "json" else as_table
    print(writer(drift, locked, inventory))
    if is_unreadable(inventory):
        return INPUT_UNREADABLE
    return FOUND if _counts(drift, arguments.fail_on or ["any"]) else NOTHING_FOUND


def _locked(lockfile: Path, manifests: Sequence[Path]) -> Locked:
    texts = {}
    for path in manifests:
        suffixes = {".json": MANIFESTS[0], ".toml": MANIFESTS[1]}
        if path.suffix not in suffixes:
            raise LockfileError(path.name, "no manifest", f"give one of {', '.join(MANIFESTS)}")
        texts[suffixes[path.suffix]] = path.read_bytes()
    return read_lockfile(lockfile.name, lockfile.read_bytes(), manifests=texts)


def _reason(error: Exception) -> str:
    if isinstance(error, OSError):
        return f"{error.filename}: {plain(error.strerror or error)}"
    return plain(error, 400)


def _counts(drift: Drift, fail_on: Sequence[str]) -> bool:
    """Whether any kind of difference that was asked for is there; unverified is missing."""
    if "never" in fail_on:
        return False
    if "any" in fail_on:
        return drift.found
    kinds = {
        "missing": drift.missing or drift.unverified,
        "extra": drift.extra,
        "changed": drift.changed,
    }
    return any(kinds[kind] for kind in fail_on)


def as_json(drift: Drift, locked: Locked, inventory: Inventory) -> str:
    """The answer for programs."""
    return json.dumps(
        {
            "ecosystem": locked.ecosystem,
            "missing": [{"name": item.name, "version": item.version} for item in drift.missing],
            "extra": [
                {"name": item.name, "version": item.version, "path": item.path}
                for item in drift.extra
            ],
            "changed": [asdict(item) for item in drift.changed],
            "unverified": [
                {"name": item.name, "version": item.version} for item in drift.unverified
            ],
            "problems": [asdict(problem) for problem in inventory.problems],
        },
        indent=2,
    )


def as_table(drift: Drift, locked: Locked, inventory: Inventory) -> str:
    """The answer for people."""
    rows = [("changed", item.name, item.deployed, item.locked) for item in drift.changed]
    rows += [("missing", item.name, "-", item.version) for item in drift.missing]
    rows += [("unverified", item.name, "?", item.version) for item in drift.unverified]
    rows += [("extra", item.name, item.version, "-") for item in drift.extra]
    head = ("DRIFT", "PACKAGE", "DEPLOYED", "LOCKED")
    shown = [tuple(plain(cell) or "?" for cell in row) for row in rows]
    none = f"no drift: {len(locked.packages)} locked packages compared"
    lines = columns([head, *shown]) if rows else [none]
    lines += [f"problem: {problem.code}: {problem.detail}" for problem in inventory.problems]
    return "\n".join(lines)
