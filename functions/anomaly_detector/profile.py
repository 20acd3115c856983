"""A function's own limits and history, which its behaviour is measured against."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Limits:
    """The function's configuration, as far as it bounds its behaviour.

    Attributes:
        timeout_seconds: After which an invocation is ended.
        memory_mib: Memory, which also sets the price of a second.
        architecture: `arm64` or `x86_64`.
    """

    timeout_seconds: int
    memory_mib: int
    architecture: str = "x86_64"

    def to_text(self) -> str:
        """For the function's record; `from_text` reads it back."""
        return f"{self.timeout_seconds} {self.memory_mib} {self.architecture}"

    @classmethod
    def from_text(cls, text: str) -> "Limits":
        """Read what `to_text` wrote."""
        timeout, memory, architecture = text.split()
        return cls(int(timeout), int(memory), architecture)


@dataclass(frozen=True, slots=True)
class LastDeployment:
    """When the function last changed, and by whom."""

    at: datetime
    by: str
