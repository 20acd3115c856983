"""`warden scan inspect`: what is inside a deployment package."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from functions.shared.core.text import plain
from warden import status
from warden.options import JSON, examples, in_format
from warden.scan.options import FILE, LAYERS, PACKAGE

if TYPE_CHECKING:
    from functions.shared.core.packages import Inventory, Package

_OF_BUNDLES: Final = frozenset({"module", "candidates"})


@click.command(
    "inspect",
    epilog=examples(
        "warden scan inspect function.zip",
        "warden scan inspect function.zip --layer layer.zip --format cyclonedx",
        "warden scan inspect bundle.zip --lockfile package-lock.json",
        status="0 when everything was read; 1 when a problem counts by --fail-on;",
    ),
)
@PACKAGE
@LAYERS
@click.option(
    "--lockfile", "lockfiles", type=FILE, multiple=True, metavar="FILE",
    help="Lockfile of the project, which tells the versions of bundled JavaScript; repeatable.",
)  # fmt: skip
@in_format("cyclonedx")
@click.option(
    "--fail-on",
    type=click.Choice(["incomplete", "any", "never"]),
    default="incomplete",
    show_default=True,
    help="Problems that make the exit status 1: contents that could not be read or understood, "
    "any problem, or none.",
)
def command(
    *,
    package: Path,
    layers: tuple[Path, ...],
    lockfiles: tuple[Path, ...],
    form: str,
    fail_on: str,
) -> int:
    """List the packages really inside a deployment package and its layers.

    ZIP is the deployment package.
    """
    from functions.scanner.inventory.problems import OPEN_ENDS
    from functions.scanner.inventory.sbom import to_cyclonedx
    from functions.shared.core.packages import Inventory
    from warden.output import write_json, write_text
    from warden.scan.artifacts import is_incomplete, is_unreadable, read_artifacts

    inventory = read_artifacts(package, layers)
    steps: tuple[str, ...] = ()
    if any(problem.code in OPEN_ENDS for problem in inventory.problems):
        from warden.scan.bundled import with_lockfiles

        inventory, steps = with_lockfiles(inventory, lockfiles)
    inventory = Inventory(
        tuple(sorted(inventory.packages, key=lambda p: (p.ecosystem, p.name, p.version, p.path))),
        inventory.problems,
    )
    if form == JSON:
        write_json(as_json(inventory))
    else:
        write_text(to_cyclonedx(inventory) if form == "cyclonedx" else as_table(inventory, steps))
    if is_unreadable(inventory):
        return status.USAGE
    counts = {
        "incomplete": is_incomplete(inventory),
        "any": bool(inventory.problems),
        "never": False,
    }
    return status.FOUND if counts[fail_on] else status.FINE


def as_json(inventory: "Inventory") -> dict[str, Any]:
    """The answer for programs."""
    return {
        "packages": [_stated(package) for package in inventory.packages],
        "problems": [asdict(problem) for problem in inventory.problems],
    }


def _stated(package: "Package") -> dict[str, Any]:
    """A package's fields; what only bundled code has is left out elsewhere."""
    fields = asdict(package)
    return {key: value for key, value in fields.items() if value or key not in _OF_BUNDLES}


def as_table(inventory: "Inventory", steps: Sequence[str] = ()) -> str:
    """The answer for people, with what would close what is open of bundles."""
    from warden.output import columns

    head = ("ECOSYSTEM", "NAME", "VERSION", "EVIDENCE", "PATH")
    rows = [
        (package.ecosystem, plain(package.name), _version(package), package.evidence,
         plain(package.path))
        for package in inventory.packages
    ]  # fmt: skip
    lines = columns([head, *rows]) if rows else ["no packages found"]
    lines += [f"problem: {problem.code}: {problem.detail}" for problem in inventory.problems]
    lines += [f"to close it: {step}" for step in steps]
    return "\n".join(lines)


def _version(package: "Package") -> str:
    """The version, or those of which it is one, or a question mark."""
    return plain(package.version or " or ".join(package.candidates)) or "?"
