"""What we asked AWS and what we know: a value, or the reason why there is none."""

from dataclasses import dataclass
from typing import Generic, TypeAlias, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Known(Generic[T]):
    """An answer that was given; `value` may itself say "there is none"."""

    value: T


@dataclass(frozen=True, slots=True)
class Unknown:
    """No answer, and why: access denied, not found, unreadable, never asked.

    Attributes:
        cause: One short sentence for the alert that reports the gap.
        missing: True when AWS says that the thing does not exist (any more).
    """

    cause: str
    missing: bool = False


Reading: TypeAlias = Known[T] | Unknown
