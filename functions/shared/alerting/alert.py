"""`Alert`: one finding through time, as the checks that judge it write it down."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from functions.shared.alerting.finding import Finding, Kind
from functions.shared.alerting.history import HistoryEntry
from functions.shared.core.arn import FunctionArn
from functions.shared.core.severity import Severity
from functions.shared.core.tag_value import shown_tag

SWITCHES_KEPT: Final = 20
"""Openings and resolutions that are remembered to tell whether an alert flaps."""


class State(StrEnum):
    """Where an alert stands."""

    OPENED = "opened"
    UPDATED = "updated"
    RESOLVED = "resolved"
    WAIVED = "waived"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """The stored state of one finding.

    What people were told of it, and whether they accepted or acknowledged it, is its `Handling`.

    Attributes:
        finding: What is (or was) wrong, as judged last.
        scope: Which check judges it; one check never resolves another's findings.
        state: Where the finding stands: opened, updated or resolved. Whether it is waived is
            part of its handling.
        first_seen: When it was opened, aware.
        last_seen: When it was last judged to hold, or resolved.
        count: How often it was judged to hold since it opened.
        revision: Counts the writes; an optimistic lock on the stored item.
        owner: Who owns the function, empty while unknown.
        environment: Where the function belongs, empty while unknown.
        switches: When it was opened or resolved of late, oldest first.
        history: What became of it, oldest first.
    """

    finding: Finding
    scope: str
    state: State
    first_seen: datetime
    last_seen: datetime
    count: int = 1
    revision: int = 1
    owner: str = ""
    environment: str = ""
    switches: tuple[datetime, ...] = ()
    history: tuple[HistoryEntry, ...] = ()

    def __post_init__(self) -> None:
        """Owner and environment are tags, written by anyone who may tag."""
        object.__setattr__(self, "owner", shown_tag(self.owner))
        object.__setattr__(self, "environment", shown_tag(self.environment))

    @property
    def is_open(self) -> bool:
        """Whether the finding still holds."""
        return self.state is not State.RESOLVED

    @property
    def began(self) -> datetime:
        """When the problem began: as its evidence says, which may be before the alert opened."""
        try:
            since = datetime.fromisoformat(str(self.finding.evidence.get("since", "")))
        except ValueError:
            return self.first_seen
        return min(since, self.first_seen) if since.tzinfo else self.first_seen

    def to_json(self) -> str:
        """Serialise for the state table; `from_json` reads it back without loss."""
        document = asdict(self)
        document["finding"]["function"] = str(self.finding.function)
        document["finding"]["severity"] = self.finding.severity.label
        document["finding"].pop("whole_evidence")
        document["first_seen"] = self.first_seen.isoformat()
        document["last_seen"] = self.last_seen.isoformat()
        document["switches"] = [at.isoformat() for at in self.switches]
        document["history"] = [entry.to_list() for entry in self.history]
        return json.dumps(document, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> "Alert":
        """Read what `to_json` wrote."""
        document: dict[str, Any] = json.loads(text)
        finding: dict[str, Any] = document.pop("finding")
        finding["function"] = FunctionArn.parse(finding["function"])
        finding["severity"] = Severity.parse(finding["severity"])
        finding["kind"] = Kind(finding["kind"])
        finding["links"] = tuple(finding["links"])
        document["state"] = State(document["state"])
        document["first_seen"] = datetime.fromisoformat(document["first_seen"])
        document["last_seen"] = datetime.fromisoformat(document["last_seen"])
        document["switches"] = tuple(map(datetime.fromisoformat, document["switches"]))
        document["history"] = tuple(map(HistoryEntry.from_list, document["history"]))
        return cls(finding=Finding(**finding), **document)
