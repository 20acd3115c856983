"""`Digest`: what one owner should know of a period, before it takes the form of a message."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from functions.notifier.digest.schedule import Edition
from functions.shared.alerting.formats.wording import UNKNOWN
from functions.shared.core.severity import Severity
from functions.shared.cost.bill import Bill

LISTED: Final = 25
"""Lines of a section; the rest is counted, and a command lists it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a section.

    Attributes:
        what: What it is about, one line.
        function: The function, empty where it is about something else.
        severity: How bad, None where that means nothing.
        since: Since when, or until when where `note` says so; None where that means nothing.
        note: What else there is to know.
        rule: Rule of the alert, empty where it is about something else.
        fingerprint: The alert, empty where it is about something else.
    """

    what: str
    function: str = ""
    severity: Severity | None = None
    since: datetime | None = None
    note: str = ""
    rule: str = ""
    fingerprint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Lines that belong together.

    Attributes:
        id: One word, for machines.
        title: What the lines have in common.
        lines: The first of them, at most `LISTED`.
        total: How many there are.
        command: What lists all of them.
    """

    id: str
    title: str
    lines: tuple[Line, ...]
    total: int
    command: str = ""

    @property
    def omitted(self) -> int:
        """How many lines are only counted."""
        return self.total - len(self.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """What one owner should know of a period.

    Attributes:
        owner: Whose functions it is about; empty: those without an owner.
        whole_estate: Whether mutes, actions and gaps of every owner are in it.
        edition: The period.
        made_at: When it was made.
        account: Account that is watched.
        region: Region that is watched.
        open_by_severity: Open alerts that nobody accepted or muted.
        new: How many of them opened in the period.
        resolved: How many alerts ended in the period.
        sections: What there is to say; none of them is empty.
        bill: What Warden cost.
        report: Where the report of the estate is, empty where that is not known.
    """

    owner: str
    whole_estate: bool
    edition: Edition
    made_at: datetime
    account: str
    region: str
    open_by_severity: Mapping[Severity, int] = field(default_factory=dict)
    new: int = 0
    resolved: int = 0
    sections: tuple[Section, ...] = ()
    bill: Bill
    report: str = ""

    @property
    def addressee(self) -> str:
        """The owner as people and filters spell it."""
        return self.owner or UNKNOWN

    @property
    def is_worth_sending(self) -> bool:
        """Whether it says anything; the platform's own is a sign of life and always sent."""
        return self.whole_estate or bool(self.sections)
