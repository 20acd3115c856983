"""What matching finds: a flaw in a package, or the honest lack of an answer."""

from dataclasses import dataclass

from functions.shared.advisories.exploited import Exploitation
from functions.shared.core.packages import Package, Problem
from functions.shared.core.severity import Severity


def fame(name: str) -> tuple[int, str]:
    """Sort key that puts the best-known names of flaws first."""
    for rank, prefix in enumerate(("CVE-", "GHSA-")):
        if name.startswith(prefix):
            return (rank, name)
    return (2, name)


@dataclass(frozen=True, slots=True)
class Vulnerability:
    """One flaw in one package, whatever the number of databases that list it.

    Attributes:
        package: The affected package, as first found.
        paths: Every place of the artefact where this version of it was found.
        id: Id of the advisory that stands for the flaw (a CVE's before a GHSA's before others).
        aliases: The flaw's other names, sorted.
        severity: None when no advisory says how bad it is.
        score: CVSS base score, the highest that an advisory gives; None without one.
        vector: The CVSS vector of that score, or empty.
        fixed: The nearest version above the installed one that the flaw does not affect; None
            when no advisory names one.
        summary: One line, may be empty.
        references: Links, the most useful first.
        informational: Why it is no vulnerability as such (`unmaintained`, ...), or empty.
        modified: RFC 3339 time of the newest change to its advisories, or empty.
        safe: The nearest version above the installed one that none of the package's known flaws
            affects, of those that an advisory names as fixed; None when there is none.
        exploited: What is known of attacks that use the flaw; None where none are known of.
    """

    package: Package
    paths: tuple[str, ...]
    id: str
    aliases: tuple[str, ...]
    severity: Severity | None
    score: float | None
    vector: str
    fixed: str | None
    summary: str
    references: tuple[str, ...]
    informational: str = ""
    modified: str = ""
    safe: str | None = None
    exploited: Exploitation | None = None

    @property
    def flaw(self) -> str:
        """The name to remember the flaw by: its CVE, or else GHSA, whichever database lists it.

        `id` may change when another database lists the flaw too; this does so only when the flaw
        gets its first CVE.
        """
        return min(self.names, key=fame)

    @property
    def names(self) -> frozenset[str]:
        """Every name of the flaw."""
        return frozenset((self.id, *self.aliases))

    @property
    def severity_label(self) -> str:
        """The severity's word, `unknown` when no advisory gives one."""
        return "unknown" if self.severity is None else self.severity.label


@dataclass(frozen=True, slots=True)
class Undecided:
    """A package that advisories name, without it being clear whether they affect this version.

    Attributes:
        ids: The advisories in question, sorted.
        reason: One sentence for a person.
    """

    package: Package
    ids: tuple[str, ...]
    reason: str

    @property
    def unversioned(self) -> bool:
        """Whether its version is not known, rather than not comparable."""
        return not self.package.version


@dataclass(frozen=True, slots=True)
class MatchResult:
    """The answer for a set of packages.

    Nothing here means "nothing known to affect them" only when all three are empty.

    Attributes:
        vulnerabilities: Worst first, then by package and id.
        undecided: Packages without a clear answer.
        problems: What kept packages from being looked up at all.
    """

    vulnerabilities: tuple[Vulnerability, ...] = ()
    undecided: tuple[Undecided, ...] = ()
    problems: tuple[Problem, ...] = ()
