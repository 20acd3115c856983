"""`warden scan`: the scanner on files of this machine, for CI and the curious."""

from typing import Final

import click

from warden.lazy_group import LazyGroup

COMMANDS: Final = {
    "Commands": {
        "inspect": "List the packages really inside a deployment package and its layers.",
        "match": "Match packages against advisories: a package URL a line, or an SBOM.",
        "drift": "Compare a deployment package and its layers with a lockfile.",
    }
}
"""`NAME` is `command` in the module `warden.scan.NAME`."""


@click.group(
    "scan",
    cls=LazyGroup,
    package=f"{__package__.removesuffix('.commands')}.scan",
    sections=COMMANDS,
)
def command() -> None:
    """List what packages hold, match it with advisories, compare with a lockfile.

    Works on files of this machine and asks nobody.
    """
