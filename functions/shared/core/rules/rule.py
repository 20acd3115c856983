"""`Rule`: everything about a rule that others than the rule itself need to know."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from functions.shared.core.kind import Kind
from functions.shared.core.part import Part
from functions.shared.core.severity import Severity

AWS_LAMBDA: Final = "AWS/Lambda"


class About(StrEnum):
    """What a rule's alerts are about."""

    FUNCTION = "function"
    ACCOUNT = "account"
    WARDEN = "warden"


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric of CloudWatch that shows what a rule is about.

    Attributes:
        name: Its name.
        statistic: How its values are put together, for example `Sum` or `p99`.
        namespace: Where it is.
        dimension: Name of the dimension that holds a function's name.
    """

    name: str
    statistic: str
    namespace: str = AWS_LAMBDA
    dimension: str = "FunctionName"


@dataclass(frozen=True, slots=True, kw_only=True)
class Explains:
    """What an open alert of a rule explains: nobody needs to be told of that as well.

    Attributes:
        why: What the digest says of it, one sentence.
        rules: Rules whose alerts are explained.
        kind: Kind whose alerts are explained, whatever their rule; None: `rules` alone.
        among: The explaining alert's evidence that lists by name the functions it is about; empty:
            it is about all of them.
    """

    why: str
    rules: frozenset[str] = frozenset()
    kind: Kind | None = None
    among: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One row of the catalogue.

    Attributes:
        id: Identifier; also the name of its runbook, `docs/runbooks/<id>.md`.
        part: The part of Warden that judges by it.
        kind: What its findings are about. A finding that says what could not be told is of
            `Kind.COVERAGE`, whatever the rule.
        title: What it says, in a few words, for tables and the head of its runbook.
        about: What its alerts are about.
        filed_under: For alerts that are about no function of the estate: the part whose function
            they are stored under. None: the function that they are about.
        disabled_by: The setting that switches it off, in dots; empty: it cannot be switched off.
        severity: Its severity where that is fixed; None where it depends on what was found.
        metrics: Metrics that its alerts link to, the account's own where it is about the account.
            Functions publish the first one, too: by it the busiest are found.
        log_query: Logs Insights query that its alerts link to, over the log of the function that
            they are filed under; empty: no log shows more.
        explains: What its open alerts explain.
        callers: Whether it says that callers get no result; the evidence `share` says how many.
        measured: Whether the titles of its findings hold measured figures, which differ from one
            function to the next where the fault is the same.
        always_announced: Whether no waiver, silence or explanation keeps its alerts from people.
    """

    id: str
    part: Part
    kind: Kind
    title: str
    about: About = About.FUNCTION
    filed_under: Part | None = None
    disabled_by: str = ""
    severity: Severity | None = None
    metrics: tuple[Metric, ...] = ()
    log_query: str = ""
    explains: tuple[Explains, ...] = ()
    callers: bool = False
    measured: bool = False
    always_announced: bool = False

    def __post_init__(self) -> None:
        """Refuse a row that contradicts itself.

        Raises:
            ValueError: It is about a function and filed under a part, or the other way round.
        """
        if (self.about is About.FUNCTION) != (self.filed_under is None):
            raise ValueError(
                f"rule {self.id}: `filed_under` names a part where the rule is about the account "
                "or Warden, and only there"
            )
