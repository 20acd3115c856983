"""`warden scan drift`: whether a deployment package is what the repository's lockfile says."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from functions.shared.core.text import plain
from warden import status
from warden.failure import RefusedError
from warden.options import JSON, examples, in_format
from warden.scan.options import FILE, LAYERS, PACKAGE

if TYPE_CHECKING:
    from functions.scanner.drift import Drift, Locked
    from functions.scanner.drift.markers import Target
    from functions.shared.core.packages import Inventory

_FAIL_ON: Final = ("any", "changed", "missing", "extra", "never")


@click.command(
    "drift",
    epilog=examples(
        "warden scan drift function.zip --lockfile package-lock.json --manifest package.json",
        "warden scan drift function.zip --lockfile uv.lock --runtime python3.13",
        status="0 when there is no difference; 1 for a difference that counts by --fail-on;",
    ),
)
@PACKAGE
@click.option("--lockfile", type=FILE, required=True, metavar="FILE", help="The lockfile.")
@click.option(
    "--manifest", "manifests", type=FILE, multiple=True, metavar="FILE",
    help="package.json or pyproject.toml, to tell development dependencies apart.",
)  # fmt: skip
@LAYERS
@click.option(
    "--runtime", default="", metavar="NAME",
    help="For example python3.13: what this runtime provides is not missing.",
)  # fmt: skip
@click.option(
    "--architecture", type=click.Choice(["x86_64", "arm64"]), default=None,
    help="The function's processor, for dependencies that only some need.",
)  # fmt: skip
@click.option(
    "--member", default="", metavar="NAME",
    help="Of a repository with several projects, the one that is deployed; else the best fit.",
)  # fmt: skip
@in_format()
@click.option(
    "--fail-on", type=click.Choice(_FAIL_ON), multiple=True,
    help="Differences that make the exit status 1; repeatable. Default: any.",
)  # fmt: skip
def command(
    *,
    package: Path,
    lockfile: Path,
    manifests: tuple[Path, ...],
    layers: tuple[Path, ...],
    runtime: str,
    architecture: str | None,
    member: str,
    form: str,
    fail_on: tuple[str, ...],
) -> int:
    """Compare a deployment package and its layers with a lockfile.

    ZIP is the deployment package.
    """
    from functions.scanner.drift import LockfileError, compare
    from functions.scanner.drift.markers import target_of
    from functions.scanner.drift.provided import provided_by
    from warden.output import write_json, write_text
    from warden.scan.artifacts import is_unreadable, read_artifacts

    try:
        target = target_of(runtime, architecture or "")
        locked = _locked(lockfile, manifests, target)
    except LockfileError as error:
        raise RefusedError(plain(error, 400)) from error
    except OSError as error:
        raise RefusedError(f"{error.filename}: {plain(error.strerror or error)}") from error
    inventory = read_artifacts(package, layers)
    names = frozenset(package.name for package in locked.packages)
    drift = compare(inventory, locked, provided=provided_by(runtime, names), member=member)
    if form == JSON:
        write_json(as_json(drift, locked, inventory))
    else:
        write_text(as_table(drift, locked, inventory))
    if is_unreadable(inventory):
        return status.USAGE
    return status.FOUND if _counts(drift, fail_on or ("any",)) else status.FINE


def _locked(lockfile: Path, manifests: Sequence[Path], target: "Target") -> "Locked":
    from functions.scanner.drift import LockfileError, read_lockfile
    from functions.scanner.drift.lockfiles.registry import MANIFESTS, goes_along

    texts = {}
    if lockfile.suffix == ".txt":  # requirements may include files that lie beside them
        beside = [path for path in lockfile.parent.glob("*.txt") if goes_along(path.name)]
        texts = {path.name: path.read_bytes() for path in beside}
    for path in manifests:
        suffixes = {".json": MANIFESTS[0], ".toml": MANIFESTS[1]}
        if path.suffix not in suffixes:
            raise LockfileError(path.name, "no manifest", f"give one of {', '.join(MANIFESTS)}")
        texts[suffixes[path.suffix]] = path.read_bytes()
    return read_lockfile(lockfile.name, lockfile.read_bytes(), manifests=texts, target=target)


def _counts(drift: "Drift", fail_on: Sequence[str]) -> bool:
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


def as_json(drift: "Drift", locked: "Locked", inventory: "Inventory") -> dict[str, Any]:
    """The answer for programs."""
    return {
        "ecosystem": locked.ecosystem,
        "missing": [{"name": item.name, "version": item.version} for item in drift.missing],
        "extra": [
            {"name": item.name, "version": item.version, "path": item.path} for item in drift.extra
        ],
        "changed": [asdict(item) | {"locked": item.locked_text} for item in drift.changed],
        "unverified": [{"name": item.name, "version": item.version} for item in drift.unverified],
        "not_compared": list(locked.not_compared),
        "problems": [asdict(problem) for problem in inventory.problems],
    }


def as_table(drift: "Drift", locked: "Locked", inventory: "Inventory") -> str:
    """The answer for people."""
    from warden.output import columns

    rows = [("changed", item.name, item.deployed, item.locked_text) for item in drift.changed]
    rows += [("missing", item.name, "-", item.version) for item in drift.missing]
    rows += [("unverified", item.name, "?", item.version) for item in drift.unverified]
    rows += [("extra", item.name, item.version, "-") for item in drift.extra]
    head = ("DRIFT", "PACKAGE", "DEPLOYED", "LOCKED")
    shown = [tuple(plain(cell) or "?" for cell in row) for row in rows]
    none = f"no drift: {len(locked.packages)} locked packages compared"
    lines = columns([head, *shown]) if rows else [none]
    lines += [f"not compared: {plain(phrase, 200)}" for phrase in locked.not_compared]
    lines += [f"problem: {problem.code}: {problem.detail}" for problem in inventory.problems]
    return "\n".join(lines)
