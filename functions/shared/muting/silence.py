"""`Silence`: nobody is told of certain alerts for a while, as during maintenance."""

from dataclasses import dataclass
from datetime import datetime

from functions.shared.core.text import plain
from functions.shared.muting.matcher import Matcher


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """A maintenance window, or any other time in which telling is put off.

    Alerts are recorded all the same; what still holds when it ends is told then.

    Attributes:
        id: Identity.
        matcher: Which alerts it silences.
        reason: Why.
        by: Who asked for it.
        starts: From when on, aware.
        ends: Until when.
    """

    id: str
    matcher: Matcher
    reason: str
    by: str
    starts: datetime
    ends: datetime

    def __post_init__(self) -> None:
        """Typed by people and shown to others."""
        for name in ("reason", "by"):
            object.__setattr__(self, name, plain(getattr(self, name), 300))

    def is_active(self, now: datetime) -> bool:
        """Whether it silences anything at a time."""
        return self.starts <= now < self.ends
