"""What a new index means for inventories that were read before: only what changed.

Nothing is downloaded: the stored inventories are matched with both indexes and compared.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from functions.scanner.vulnerabilities.finding import MatchResult, Undecided, Vulnerability
from functions.scanner.vulnerabilities.matching import match
from functions.shared.advisories.exploited import NONE_KNOWN, ExploitedFlaws
from functions.shared.advisories.index import AdvisoryIndex
from functions.shared.core.packages import Package


@dataclass(frozen=True, slots=True)
class ChangedFlaw:
    """A flaw that is still there, of which something that matters is different now."""

    before: Vulnerability
    after: Vulnerability


@dataclass(frozen=True, slots=True)
class IndexChanges:
    """The difference between two looks at the same packages.

    Attributes:
        new: Flaws that were not known before.
        gone: Flaws that no advisory states any more.
        changed: Flaws whose severity, score or nearest fixed version differs, or that attackers
            are known to use since, or not any more.
        newly_undecided: Packages that have no clear answer now and had one, or another one, before.
    """

    new: tuple[Vulnerability, ...] = ()
    gone: tuple[Vulnerability, ...] = ()
    changed: tuple[ChangedFlaw, ...] = ()
    newly_undecided: tuple[Undecided, ...] = ()

    def __bool__(self) -> bool:
        """Whether there is anything to tell."""
        return bool(self.new or self.gone or self.changed or self.newly_undecided)


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What was known at a time.

    Attributes:
        index: What is vulnerable.
        exploited: Which flaws attackers use.
    """

    index: AdvisoryIndex
    exploited: ExploitedFlaws = NONE_KNOWN


def rematch(packages: Iterable[Package], old: Knowledge, new: Knowledge) -> IndexChanges:
    """Match stored packages with newer knowledge and say what is different.

    Raises:
        AdvisoryIndexError: An index is damaged.
    """
    inventory = tuple(packages)
    return compare(
        match(inventory, old.index, old.exploited), match(inventory, new.index, new.exploited)
    )


def compare(before: MatchResult, after: MatchResult) -> IndexChanges:
    """The changes between two results for the same packages.

    A flaw is recognised by any name it shares, so that a flaw which got its CVE today, or which a
    second database lists now, is not new.
    """
    left = list(before.vulnerabilities)
    new: list[Vulnerability] = []
    changed: list[ChangedFlaw] = []
    for found in after.vulnerabilities:
        known = [old for old in left if _same_flaw(old, found)]
        if not known:
            new.append(found)
            continue
        left = [old for old in left if old not in known]
        if all(_substance(old) != _substance(found) for old in known):
            changed.append(ChangedFlaw(known[0], found))
    undecided = {(item.package.purl, item.ids) for item in before.undecided}
    return IndexChanges(
        tuple(new),
        tuple(_really_gone(left, after)),
        tuple(changed),
        tuple(item for item in after.undecided if (item.package.purl, item.ids) not in undecided),
    )


def _same_flaw(one: Vulnerability, other: Vulnerability) -> bool:
    return one.package.purl == other.package.purl and not one.names.isdisjoint(other.names)


def _substance(found: Vulnerability) -> tuple[object, ...]:
    return (found.severity, found.score, found.fixed, found.exploited is not None)


def _really_gone(left: Sequence[Vulnerability], after: MatchResult) -> Iterable[Vulnerability]:
    """Flaws without a match now, unless they only became undecided: that is no improvement."""
    undecided = {
        (item.package.purl, advisory_id) for item in after.undecided for advisory_id in item.ids
    }
    for found in left:
        purl = found.package.purl
        if not any((purl, name) in undecided for name in found.names):
            yield found
