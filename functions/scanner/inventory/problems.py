"""Every named problem of reading an artefact, and the log that keeps their number bounded."""

from typing import Final

from functions.shared.core.packages import Problem
from functions.shared.core.text import listed, plain

MEANINGS: Final[dict[str, str]] = {
    "archive-depth": "archives nested too deep, the innermost not read",
    "archive-not-read": "archives, or compressed programs, in a format that is not read",
    "binary-not-identified": "native programs that state nothing about what they are built from",
    "binary-packed": "compressed native programs, contents not readable",
    "bytecode-only": "compiled Python without its sources, from no package that is known",
    "bundled-code": "bundled code, contents not fully known",
    "bundled-versions": "bundled packages of which nothing states the version",
    "content-unknown": "files of a kind that is not known, in which code may be",
    "code-withheld": "Lambda does not give the code out",
    "dotnet-not-identified": ".NET assemblies that no deps.json names",
    "entry-too-large": "members larger than the limit for their kind, not read",
    "file-system-not-read": "files of mounted file systems, where code may be, too, not read",
    "go-without-modules": "Go programs built without module information",
    "image-layer-unread": "layers of the image that could not be read",
    "image-too-large": "an image too large to be read to its end, the rest is unknown",
    "image-unread": "the image could not be read",
    "java-not-identified": "Java archives that state no name and version",
    "java-classes-unclaimed": "Java classes that no library named in their archive accounts for",
    "language-not-read": "code in languages whose packages are not read",
    "metadata-malformed": "package metadata that could not be understood",
    "node-metadata-missing": "Node packages without a package.json that states their version",
    "os-packages-unmatched": "packages of the operating system, listed and not looked up",
    "os-packages-unread": "lists of the operating system's packages that are not read",
    "python-metadata-missing": "Python packages without metadata that state no version",
    "reading-ended": "contents whose reading had to be ended, all of them unknown",
    "reader-failed": "contents that a reader could not cope with, its evidence is incomplete",
    "ruby-metadata-missing": "Ruby libraries without a specification that states their version",
    "sbom-incomplete": "the SBOM inside does not agree with the code",
    "sbom-without-ecosystem": "components named by an SBOM that no advisory database covers",
    "source-obscured": "sources in a form that hides what they do",
    "test-data-left-out": "tests and examples of installed packages, left out",
    "work-limit": "reading stopped at the work limit, the rest is unknown",
    "zip-bad-checksum": "members whose contents do not match their checksum",
    "zip-bomb": "members that unpack to a size no function could have",
    "zip-corrupt-member": "members that could not be decompressed",
    "zip-duplicate-name": "several members of the same name, all of them read",
    "zip-encrypted": "encrypted members, not read",
    "zip-header-mismatch": "members whose local header contradicts the directory, not read",
    "zip-overlap": "members that share the same bytes of the archive, not read",
    "zip-size-lies": "members whose real size is not the declared one",
    "zip-symlink-unread": "packages that are there through a symbolic link only, not read",
    "zip-symlink-unresolved": "symbolic links out of the archive or to nothing, not followed",
    "zip-too-many-entries": "archives with more members than can be listed",
    "zip-truncated": "members that lie beyond the end of the archive",
    "zip-unknown-compression": "members in a compression method that Lambda does not have",
    "zip-unreadable": "not a readable zip archive",
    "zip-unsafe-path": "members with a name outside the archive's root, not read",
}
"""Code of every problem that a reader may report, and what it says of the places named."""

OPEN_ENDS: Final = frozenset({"bundled-code", "bundled-versions"})
"""Codes of what is open of bundles, until a lockfile, a list of modules or an SBOM closes it."""

COUNTED: Final = frozenset({"test-data-left-out"})
"""Codes of what is left out on purpose, and only counted."""

NOTES: Final = frozenset({
    "file-system-not-read", "os-packages-unmatched", "sbom-without-ecosystem", *COUNTED,
})  # fmt: skip
"""Codes of what hides nothing: it was understood but cannot be looked up, or is only counted."""

_PLACES_NAMED: Final = 5
_PLACE_LENGTH: Final = 160


def shown(text: str) -> str:
    """Text from an artefact, safe to show: printable, on one line, at most 160 characters."""
    return plain(text, _PLACE_LENGTH)


class ProblemLog:
    """Collects problems by code: a hostile artefact gets a few lines, not thousands."""

    def __init__(self) -> None:
        self._places: dict[str, dict[tuple[str, str], None]] = {}

    def add(self, code: str, place: str, reason: str = "") -> None:
        """Report `code` at `place` (a path in the artefact), `reason` in a few words."""
        self._places.setdefault(code, {})[place, reason] = None

    def problems(self) -> tuple[Problem, ...]:
        """One problem a code, naming the first places and the number of the others."""
        return tuple(
            Problem(code, f"{MEANINGS[code]}: {_listed(list(places))}")
            for code, places in sorted(self._places.items())
        )


def _listed(places: list[tuple[str, str]]) -> str:
    """The first places and the number of the others; text of the artefact made safe to show."""
    named = [
        shown(place) + (f" ({shown(reason)})" if reason else "")
        for place, reason in places[:_PLACES_NAMED]
    ]
    return listed(named + [""] * (len(places) - len(named)), _PLACES_NAMED)
