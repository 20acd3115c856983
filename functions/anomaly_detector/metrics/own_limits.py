"""A function's own limits and history, which its behaviour is measured against."""

import json
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Limits:
    """The function's configuration, as far as it bounds its behaviour.

    Attributes:
        timeout_seconds: After which an invocation is ended.
        memory_mib: Memory, which also sets the price of a second.
        architecture: `arm64` or `x86_64`.
        reserved: Reserved concurrency, None where it has none.
        reserved_unknown: Why it could not be read; empty where it was.
        traced: Whether Lambda traces every sampled request.
        modified_at: When its code or configuration last changed, None where AWS does not say.
    """

    timeout_seconds: int
    memory_mib: int
    architecture: str = "x86_64"
    reserved: int | None = None
    reserved_unknown: str = ""
    traced: bool = False
    modified_at: datetime | None = None

    def to_text(self) -> str:
        """For the function's record; `from_text` reads it back."""
        return json.dumps(
            {
                "timeout": self.timeout_seconds,
                "memory": self.memory_mib,
                "architecture": self.architecture,
                "reserved": self.reserved,
                "reserved_unknown": self.reserved_unknown,
                "traced": self.traced,
                "modified_at": self.modified_at.isoformat() if self.modified_at else None,
            },
            separators=(",", ":"),
        )

    @classmethod
    def from_text(cls, text: str) -> "Limits | None":
        """Read what `to_text` wrote; None where it was written by another version."""
        try:
            known = json.loads(text)
            modified = known["modified_at"]
            return cls(
                timeout_seconds=int(known["timeout"]),
                memory_mib=int(known["memory"]),
                architecture=str(known["architecture"]),
                reserved=known["reserved"],
                reserved_unknown=str(known["reserved_unknown"]),
                traced=bool(known["traced"]),
                modified_at=datetime.fromisoformat(modified) if modified else None,
            )
        except (ValueError, KeyError, TypeError):
            return None


@dataclass(frozen=True, slots=True)
class LastDeployment:
    """When the function last changed, by whom, and which code came with it."""

    at: datetime
    by: str
    code: str = ""
