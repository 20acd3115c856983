"""`Waiver`: a finding that somebody accepted, for a reason and for a time."""

from dataclasses import dataclass
from datetime import datetime

from functions.shared.core.text import plain
from functions.shared.muting.matcher import Matcher


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """An accepted finding.

    Attributes:
        id: Identity; the same for the same lines of a file.
        matcher: Which findings it accepts.
        owner: Who answers for it.
        reason: Why it is acceptable.
        expires: From when on it accepts nothing any more, aware.
        created_at: Since when it is in force.
        created_by: Who wrote it.
        source: Name of the waiver file that it comes from; empty where a command wrote it.
    """

    id: str
    matcher: Matcher
    owner: str
    reason: str
    expires: datetime
    created_at: datetime
    created_by: str = ""
    source: str = ""

    def __post_init__(self) -> None:
        """All of it is typed by people and shown to others."""
        for name in ("owner", "reason", "created_by", "source"):
            object.__setattr__(self, name, plain(getattr(self, name), 300))

    def is_active(self, now: datetime) -> bool:
        """Whether it accepts anything at a time."""
        return self.created_at <= now < self.expires
