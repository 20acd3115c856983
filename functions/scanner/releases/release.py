"""The versions of a function that are in use, and what uses them. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from functions.shared.core.text import listed, plain

LATEST: Final = "$LATEST"
MOST_VERSIONS: Final = 20
"""So many versions of one function are looked at; that there are more is said."""


@dataclass(frozen=True, slots=True)
class Alias:
    """An alias of a function.

    Attributes:
        name: Its name.
        version: The version that it points at.
        weights: Further versions that get a part of its invocations, with the part (0 to 1).
        revision: Identity of this state of it.
    """

    name: str
    version: str
    weights: tuple[tuple[str, float], ...] = ()
    revision: str = ""


@dataclass(frozen=True, slots=True)
class Release:
    """One version that runs.

    Attributes:
        version: Its number, or `$LATEST`.
        uses: What points at it, in a person's words, for example `alias live`.
        aliases: The names of the aliases among them.
    """

    version: str
    uses: tuple[str, ...]
    aliases: tuple[str, ...] = ()

    @property
    def shown(self) -> str:
        """The version with what points at it, for alerts."""
        return f"version {plain(self.version, 20)} ({listed(list(self.uses), 4)})"


def releases(
    aliases: Iterable[Alias], *, provisioned: Iterable[str] = (), sources: Iterable[str] = ()
) -> tuple[Release, ...]:
    """The versions in use, those of aliases first; `$LATEST` only where an alias points at it.

    Args:
        aliases: All aliases of the function.
        provisioned: The versions and aliases with provisioned concurrency.
        sources: The versions and aliases that event sources invoke.
    """
    uses: dict[str, dict[str, None]] = {}
    names: dict[str, dict[str, None]] = {}
    of_alias: dict[str, list[str]] = {}
    for alias in aliases:
        name = plain(alias.name, 128)
        parts = [(alias.version, 1 - sum(weight for _, weight in alias.weights)), *alias.weights]
        for version, part in parts:
            share = "" if part == 1 else f" with {part:.0%}"
            uses.setdefault(version, {})[f"alias {name}{share}"] = None
            names.setdefault(version, {})[alias.name] = None
            of_alias.setdefault(alias.name, []).append(version)
    for what, qualifiers in (("provisioned concurrency", provisioned), ("event source", sources)):
        for qualifier in qualifiers:
            # An alias's versions are there already, by its name.
            if qualifier and qualifier != LATEST and qualifier not in of_alias:
                uses.setdefault(qualifier, {})[what] = None
    return tuple(
        Release(version, tuple(found), tuple(names.get(version, {})))
        for version, found in uses.items()
    )
