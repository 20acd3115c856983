"""Which library each class of a jar belongs to: what no pom accounts for is told.

A build that puts libraries together keeps their pom files by habit only, and one that relocates
them (`com.acme.shaded.com.google.gson`) hides them from whoever looks for their own names.
"""

import re
from collections.abc import Iterator, Sequence, Set
from typing import Final

from functions.scanner.inventory.archive import Archive

_OUTSIDE: Final = re.compile(r"^(?:(?:BOOT|WEB)-INF/classes/|META-INF/versions/\d+/)")
# First parts of package names that are domains, so that one inside another is a relocated one.
_DOMAINS: Final = frozenset({
    "com", "org", "io", "net", "edu", "dev", "javax", "jakarta", "software", "okhttp3", "okio",
    "kotlin", "kotlinx", "scala", "groovy", "reactor", "retrofit2",
})  # fmt: skip
_SHADED: Final = re.compile(
    r"shad(?:e|ed|ow)|relocated|repackaged|internal|thirdparty|vendor|libs?"
)
# Where projects of many makers are: two parts tell nothing there.
_SHARED: Final = frozenset({("org", "apache"), ("com", "github"), ("io", "github")})
_TOKENS: Final = re.compile(r"[^a-z0-9]+")
_DEPTH: Final = 4


def unclaimed_classes(
    archive: Archive, names: Sequence[str], known: Set[tuple[str, ...]]
) -> Iterator[str]:
    """Folders of classes that none of the named libraries accounts for.

    Args:
        archive: A jar, or what was unpacked from one.
        names: `group:artifact` of each pom inside.
        known: First two parts of the packages of well-known libraries.
    """
    claims = [_Claim(name) for name in names]
    folders = {
        tuple(_OUTSIDE.sub("", entry.name).split("/")[:-1])
        for entry in archive.with_extension(".class")
    }
    own: set[tuple[str, ...]] = set()
    others: set[tuple[str, ...]] = set()
    for folder in sorted(folders):
        if len(folder) < 2 or folder[0] == "META-INF":
            continue
        inner = _inner(folder)
        if any(claim.covers(folder[inner:]) for claim in claims):
            continue
        (others if inner else own).add(folder[: inner + 3] if inner else folder[:3])
    roots = {folder[:2] for folder in own}
    # Of the code that nothing names, one root is the owner's; more are somebody's as well.
    if claims and len(roots) > 1 and not (len(claims) == 1 and archive.prefix.endswith(".jar!/")):
        others |= own
    else:  # a library of its own, or the owner's code: what is well known is neither
        others |= {folder for folder in own if claims and folder[:2] in known}
    for folder in sorted(others):
        yield "/".join(folder)


def _inner(folder: tuple[str, ...]) -> int:
    """Where a relocated package's own name begins; 0 where it is no relocated one."""
    for at in range(len(folder) - 2, 0, -1):
        if folder[at] in _DOMAINS and (at == 1 or any(map(_SHADED.search, folder[:at]))):
            return at
    return 0


class _Claim:
    """The classes that a library of this name has, as far as names tell."""

    def __init__(self, name: str) -> None:
        group, _, artifact = name.lower().partition(":")
        self._group = tuple(group.split("."))
        self._words = frozenset(filter(None, _TOKENS.split(artifact)))

    def covers(self, folder: tuple[str, ...]) -> bool:
        lowered = tuple(part.lower() for part in folder[:_DEPTH])
        words = {word for part in lowered for word in _TOKENS.split(part)}
        return (
            lowered[: len(self._group)] == self._group
            or (lowered[:2] == self._group[:2] and self._group[:2] not in _SHARED)
            or self._group[-1] in lowered
            or self._words <= words
        )
