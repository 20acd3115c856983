"""`warden scan inspect`: what is inside a deployment package."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from functions.shared.core.text import plain
from warden import status
from warden.options import JSON, examples, in_format
from warden.scan.options import LAYERS, PACKAGE

if TYPE_CHECKING:
    from functions.shared.core.packages import Inventory


@click.command(
    "inspect",
    epilog=examples(
        "warden scan inspect function.zip",
        "warden scan inspect function.zip --layer layer.zip --format cyclonedx",
        status="0 when everything was read; 1 when a problem counts by --fail-on;",
    ),
)
@PACKAGE
@LAYERS
@in_format("cyclonedx")
@click.option(
    "--fail-on",
    type=click.Choice(["incomplete", "any", "never"]),
    default="incomplete",
    show_default=True,
    help="Problems that make the exit status 1: contents that could not be read or understood, "
    "any problem, or none.",
)
def command(*, package: Path, layers: tuple[Path, ...], form: str, fail_on: str) -> int:
    """List the packages really inside a deployment package and its layers.

    ZIP is the deployment package.
    """
    from functions.scanner.inventory.sbom import to_cyclonedx
    from functions.shared.core.packages import Inventory
    from warden.output import write_json, write_text
    from warden.scan.artifacts import is_incomplete, is_unreadable, read_artifacts

    inventory = read_artifacts(package, layers)
    inventory = Inventory(
        tuple(sorted(inventory.packages, key=lambda p: (p.ecosystem, p.name, p.version, p.path))),
        inventory.problems,
    )
    if form == JSON:
        write_json(as_json(inventory))
    else:
        write_text(to_cyclonedx(inventory) if form == "cyclonedx" else as_table(inventory))
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
        "packages": [asdict(package) for package in inventory.packages],
        "problems": [asdict(problem) for problem in inventory.problems],
    }


def as_table(inventory: "Inventory") -> str:
    """The answer for people."""
    from warden.output import columns

    head = ("ECOSYSTEM", "NAME", "VERSION", "EVIDENCE", "PATH")
    rows = [
        (package.ecosystem, plain(package.name), plain(package.version) or "?", package.evidence,
         plain(package.path))
        for package in inventory.packages
    ]  # fmt: skip
    lines = columns([head, *rows]) if rows else ["no packages found"]
    lines += [f"problem: {problem.code}: {problem.detail}" for problem in inventory.problems]
    return "\n".join(lines)
