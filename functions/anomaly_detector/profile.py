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


@dataclass(frozen=True, slots=True)
class LastDeployment:
    """When the function last changed, and by whom."""

    at: datetime
    by: str
