"""What an ecosystem's version order offers to range evaluation."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, Protocol

# No registry publishes longer versions; node-semver refuses longer ones too. A bound on what
# strangers write also bounds the work of comparing it.
LONGEST_VERSION: Final = 256


class VersionError(ValueError):
    """The text is no version in this ecosystem, so it has no place in its order."""


class Comparable(Protocol):
    """A parsed version: totally ordered among the versions of one ecosystem."""

    def __lt__(self, other: Any, /) -> bool: ...
    def __le__(self, other: Any, /) -> bool: ...
    def __gt__(self, other: Any, /) -> bool: ...
    def __ge__(self, other: Any, /) -> bool: ...


def _unchanged(version: Comparable) -> Comparable:
    return version


@dataclass(frozen=True, slots=True)
class Order:
    """How versions of one ecosystem are read and compared.

    Attributes:
        read: Turns a version's text into something comparable, or raises `VersionError`.
        without_label: Drops what the ecosystem ignores when it asks "is this that release?"
            (only Python has such a label).
    """

    read: Callable[[str], Comparable]
    without_label: Callable[[Comparable], Comparable] = _unchanged

    def parse(self, text: str) -> Comparable:
        """Read a version.

        Raises:
            VersionError: The text is too long or no version of this ecosystem.
        """
        if len(text) > LONGEST_VERSION:
            raise VersionError(f"version of {len(text)} characters; {LONGEST_VERSION} is most")
        return _read(self.read, text)

    def same_release(self, installed: Comparable, listed: Comparable) -> bool:
        """Whether an installed version is the release that an advisory names."""
        return self._comparable_with(installed, listed) == listed

    def is_past(self, installed: Comparable, last: Comparable) -> bool:
        """Whether an installed version is above the last affected one."""
        return self._comparable_with(installed, last) > last

    def _comparable_with(self, installed: Comparable, named: Comparable) -> Comparable:
        if self.without_label(named) == named:
            return self.without_label(installed)
        return installed


@lru_cache(maxsize=8192)
def _read(read: Callable[[str], Comparable], text: str) -> Comparable:
    """Advisories of one package repeat the same bounds; parsing them once is most of the work."""
    return read(text)
