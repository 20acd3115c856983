"""A function's own limits and history, which its behaviour is measured against."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final

from pydantic import Field, TypeAdapter, ValidationError


@dataclass(frozen=True, slots=True)
class FunctionLimits:
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

    timeout_seconds: Annotated[int, Field(alias="timeout")]
    memory_mib: Annotated[int, Field(alias="memory")]
    architecture: str = "x86_64"
    reserved: int | None = None
    reserved_unknown: str = ""
    traced: bool = False
    modified_at: datetime | None = None

    def to_text(self) -> str:
        """For the function's record; `from_text` reads it back."""
        return _LIMITS.dump_json(self, by_alias=True).decode()

    @classmethod
    def from_text(cls, text: str) -> "FunctionLimits | None":
        """Read what `to_text` wrote; None where it was written by another version."""
        try:
            return _LIMITS.validate_json(text)
        except ValidationError:
            return None


_LIMITS: Final = TypeAdapter(FunctionLimits)


@dataclass(frozen=True, slots=True)
class LastDeployment:
    """When the function last changed, by whom, and which code came with it."""

    at: datetime
    by: str
    code: str = ""
