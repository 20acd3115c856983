"""The events that Lambda itself sends, as far as Warden knows them: one dated list."""

from functools import cache
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict

_FILE: Final = Path(__file__).parent / "data" / "lambda_events.json"


class NativeEvents(BaseModel):
    """Detail-types of events of source `aws.lambda`, those of CloudTrail apart.

    Attributes:
        source: Where they stand.
        as_of: The day they were looked up.
        changes: Beginnings of the types that tell of a function's state.
        no_changes: Types that are known and tell of no change of a function.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: str
    as_of: str
    changes: tuple[str, ...]
    no_changes: tuple[str, ...]


@cache
def native_events() -> NativeEvents:
    """The list."""
    return NativeEvents.model_validate_json(_FILE.read_bytes())
