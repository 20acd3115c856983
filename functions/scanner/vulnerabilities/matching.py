"""Matching packages against the advisory index."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from functions.scanner.vulnerabilities.finding import MatchResult, Undecided, Vulnerability, fame
from functions.scanner.vulnerabilities.fixed import nearest_fix
from functions.shared.advisories.exploited import NONE_KNOWN, ExploitedFlaws
from functions.shared.advisories.index import Advisory, AdvisoryEntry, AdvisoryIndex
from functions.shared.advisories.names import index_name
from functions.shared.advisories.ranges import Verdict, evaluate, read, worst
from functions.shared.advisories.rated import Rated
from functions.shared.advisories.versions.ecosystems import order_of
from functions.shared.advisories.versions.order import Order
from functions.shared.core.packages import OF_SYSTEMS, Package, Problem
from functions.shared.core.severity import Severity
from functions.shared.core.text import listed

_MOST_REFERENCES: Final = 8
_MOST_NAMES_SHOWN: Final = 5
# RustSec's kinds of notes that name no flaw: https://github.com/rustsec/advisory-db#advisory-format
# https://github.com/ossf/malicious-packages
_MALICIOUS: Final = "MAL-"
_MERE_NOTES: Final = frozenset({"unmaintained", "notice"})


def match(
    packages: Iterable[Package], index: AdvisoryIndex, exploited: ExploitedFlaws = NONE_KNOWN
) -> MatchResult:
    """Find the vulnerabilities of packages.

    A version found at several places is looked up once and reported once, with all its places.

    Args:
        packages: The packages.
        index: What is known to be vulnerable.
        exploited: Which flaws attackers are known to use.

    Raises:
        AdvisoryIndexError: The index is damaged.
    """
    places: dict[tuple[str, str, str, tuple[str, ...]], list[Package]] = {}
    for package in packages:
        if package.ecosystem in OF_SYSTEMS:
            continue  # that they are not looked up is said with the inventory
        name = index_name(package.ecosystem, package.name)
        key = (package.ecosystem, name, package.version, package.candidates)
        places.setdefault(key, []).append(package)
    vulnerabilities: list[Vulnerability] = []
    undecided: list[Undecided] = []
    unchecked: dict[str, list[str]] = {}
    for (ecosystem, name, _, _), found in places.items():
        order = order_of(ecosystem)
        if order is None or not index.covers(ecosystem):
            unchecked.setdefault(ecosystem, []).append(name)
            continue
        answer = _match_one(found, order, index, exploited)
        vulnerabilities += answer.vulnerabilities
        undecided += answer.undecided
    return MatchResult(
        tuple(sorted(vulnerabilities, key=_urgency)),
        tuple(undecided),
        tuple(_not_covered(ecosystem, names) for ecosystem, names in unchecked.items()),
    )


@dataclass(frozen=True, slots=True)
class _Hit:
    """An advisory that affects the package, with all it says about the package."""

    advisory: Advisory
    entries: tuple[AdvisoryEntry, ...]

    @property
    def rated(self) -> Rated:
        own = [entry.rated for entry in self.entries if entry.rated]
        return worst_rating(own) if own else self.advisory.rated

    @property
    def informational(self) -> str:
        return next((entry.informational for entry in self.entries if entry.informational), "")


def worst_rating(ratings: Iterable[Rated]) -> Rated:
    """The most severe rating: by score where there are scores, else by word."""
    return max(ratings, key=_badness)


def _badness(rated: Rated) -> tuple[bool, float, int]:
    severity = -1 if rated.severity is None else int(rated.severity)
    return (rated.score is not None, rated.score or 0.0, severity)


def _urgency(found: Vulnerability) -> tuple[float, float, str, str, str]:
    # What nobody rated may be anything: it stands right below what is known to be high.
    severity = Severity.HIGH - 0.5 if found.severity is None else float(found.severity)
    return (-severity, -(found.score or 0.0), found.package.name, found.package.version, found.id)


def _not_covered(ecosystem: str, names: Sequence[str]) -> Problem:
    shown = ", ".join(names[:_MOST_NAMES_SHOWN]) + (", ..." if names[_MOST_NAMES_SHOWN:] else "")
    return Problem(
        "advisories-missing",
        f"no advisories for {ecosystem} in the index: {len(names)} packages unchecked ({shown})",
    )


def _match_one(
    found: Sequence[Package], order: Order, index: AdvisoryIndex, exploited: ExploitedFlaws
) -> MatchResult:
    package = found[0]
    said: dict[int, list[AdvisoryEntry]] = {}
    for entry in index.lookup(package.ecosystem, package.name):
        said.setdefault(entry.ref, []).append(entry)
    flaws: dict[tuple[str, ...], list[_Hit]] = {}
    unreported: list[str] = []
    for ref, entries in said.items():
        verdict = _verdict_of(order, package, entries)
        if verdict is Verdict.UNAFFECTED:
            continue
        advisory = index.advisory(package.ecosystem, ref)
        if advisory.id.startswith(_MALICIOUS) and all(one.is_own for one in found):
            continue  # about a package of that name in the registry, which this is not
        if verdict is Verdict.AFFECTED:
            flaws.setdefault(advisory.names, []).append(_Hit(advisory, tuple(entries)))
        else:
            unreported.append(advisory.id)
    every = [entry for entries in said.values() for entry in entries]
    safe = nearest_fix(order, package.version, every) if flaws else None
    return MatchResult(
        tuple(
            replace(_merge(found, hits, order, safe), exploited=exploited.find(names))
            for names, hits in flaws.items()
        ),
        (_undecided(package, order, unreported),) if unreported else (),
    )


def _verdict_of(order: Order, package: Package, entries: Sequence[AdvisoryEntry]) -> Verdict:
    """The verdict for a package; of several versions that it may have, all must be unaffected."""
    if package.version or not package.candidates:
        return _verdict(order, package.version, entries)
    verdicts = {_verdict(order, version, entries) for version in package.candidates}
    return Verdict.UNAFFECTED if verdicts == {Verdict.UNAFFECTED} else Verdict.UNTOLD


def _verdict(order: Order, version: str, entries: Iterable[AdvisoryEntry]) -> Verdict:
    """The verdict of all that one advisory says about a package: any affected entry counts."""
    return worst(
        Verdict.UNTOLD if verdict is Verdict.UNAFFECTED and entry.untellable else verdict
        for entry in entries
        for verdict in [evaluate(order, version, entry.versions, entry.ranges)]
    )


def _undecided(package: Package, order: Order, ids: Sequence[str]) -> Undecided:
    if package.candidates:
        reason = f"it is one of the versions {listed(list(package.candidates), 4)}"
    elif not package.version:
        reason = "nothing states its version"
    elif read(order, package.version) is None:
        reason = (
            f"version {package.version[:80]!r} has no place in the version order of "
            f"{package.ecosystem}, so ranges cannot be evaluated"
        )
    else:
        reason = "the advisory gives commits or bounds that no version can be compared with"
    return Undecided(package, tuple(sorted(ids)), reason)


def _merge(
    found: Sequence[Package], hits: Sequence[_Hit], order: Order, safe: str | None
) -> Vulnerability:
    """One finding from all advisories of one flaw."""
    package = found[0]
    ordered = sorted(hits, key=lambda hit: fame(hit.advisory.id))
    first = ordered[0].advisory
    rated = worst_rating(hit.rated for hit in ordered)
    informational = next((hit.informational for hit in ordered if hit.informational), "")
    if rated.severity is None and informational in _MERE_NOTES:
        rated = Rated(Severity.INFO)
    links = dict.fromkeys(link for hit in ordered for link in hit.advisory.references)
    return Vulnerability(
        package=package,
        paths=tuple(dict.fromkeys(place.path for place in found if place.path)),
        id=first.id,
        aliases=tuple(name for name in first.names if name != first.id),
        severity=rated.severity,
        score=rated.score,
        vector=rated.vector,
        fixed=nearest_fix(order, package.version, [e for hit in ordered for e in hit.entries]),
        summary=next((hit.advisory.summary for hit in ordered if hit.advisory.summary), ""),
        references=tuple(links)[:_MOST_REFERENCES],
        informational=informational,
        modified=max(hit.advisory.modified for hit in ordered),
        safe=safe,
    )
