"""Every named problem of reading an artefact, and the log that keeps their number bounded."""

from typing import Final

from functions.shared.packages import Problem

MEANINGS: Final[dict[str, str]] = {
    "archive-depth": "archives nested too deep, the innermost not read",
    "archive-not-read": "archives in a format that is not read",
    "binary-not-identified": "native programs that state nothing about what they are built from",
    "binary-packed": "compressed native programs, contents not readable",
    "bundled-code": "bundled code, contents not fully known",
    "dotnet-not-identified": ".NET assemblies without a deps.json that names their packages",
    "entry-too-large": "members larger than the limit for their kind, not read",
    "go-without-modules": "Go programs built without module information",
    "java-not-identified": "Java archives that state no name and version",
    "metadata-malformed": "package metadata that could not be understood",
    "node-metadata-missing": "Node packages without a package.json that states their version",
    "python-metadata-missing": "Python packages without metadata that state no version",
    "reader-failed": "contents that a reader could not cope with, its evidence is incomplete",
    "sbom-without-ecosystem": "components named by an SBOM that no advisory database covers",
    "work-limit": "reading stopped at the work limit, the rest is unknown",
    "zip-bad-checksum": "members whose contents do not match their checksum",
    "zip-bomb": "members that unpack to a size no function could have",
    "zip-corrupt-member": "members that could not be decompressed",
    "zip-duplicate-name": "several members of the same name, all of them read",
    "zip-encrypted": "encrypted members, not read",
    "zip-header-mismatch": "members whose local header contradicts the directory, not read",
    "zip-overlap": "members that share the same bytes of the archive, not read",
    "zip-size-lies": "members whose real size is not the declared one",
    "zip-symlink-unresolved": "symbolic links out of the archive or to nothing, not followed",
    "zip-too-many-entries": "archives with more members than can be listed",
    "zip-truncated": "members that lie beyond the end of the archive",
    "zip-unknown-compression": "members in a compression method that Lambda does not have",
    "zip-unreadable": "not a readable zip archive",
    "zip-unsafe-path": "members with a name outside the archive's root, not read",
}
"""Code of every problem that a reader may report, and what it says of the places named."""

_PLACES_NAMED: Final = 5
_PLACE_LENGTH: Final = 160


def shown(text: str) -> str:
    """Text from an artefact, safe to show: printable, on one line, at most 160 characters."""
    if len(text) > _PLACE_LENGTH:
        text = text[: _PLACE_LENGTH - 1] + "…"
    return (
        text if text.isprintable() else text.encode("unicode_escape", "backslashreplace").decode()
    )


class ProblemLog:
    """Collects problems by code: a hostile artefact gets a few lines, not thousands."""

    def __init__(self) -> None:
        self._places: dict[str, dict[str, None]] = {}
        self._counts: dict[str, int] = {}

    def add(self, code: str, place: str, reason: str = "") -> None:
        """Report `code` at `place` (a path in the artefact), `reason` in a few words."""
        places = self._places.setdefault(code, {})
        said = f"{shown(place)} ({shown(reason)})" if reason else shown(place)
        if said in places:
            return
        self._counts[code] = self._counts.get(code, 0) + 1
        if len(places) < _PLACES_NAMED:
            places[said] = None

    def problems(self) -> tuple[Problem, ...]:
        """One problem a code, naming the first places and the number of the others."""
        found = []
        for code, places in sorted(self._places.items()):
            more = self._counts[code] - len(places)
            listed = ", ".join(places) + (f" and {more} more" if more else "")
            found.append(Problem(code, f"{MEANINGS[code]}: {listed}"))
        return tuple(found)
