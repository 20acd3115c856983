"""Notices of AWS Health about functions, as far as Warden knows them: one dated list."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict

HEALTH_SOURCE: Final = "aws.health"
_FILE: Final = Path(__file__).parent / "data" / "health_notices.json"


class HealthNotices(BaseModel):
    """Types of notices.

    Attributes:
        source: Where they stand.
        as_of: The day they were looked up.
        notices: What beginnings of `eventTypeCode` say, in words.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: str
    as_of: str
    notices: Mapping[str, str]

    def words_for(self, code: str) -> str:
        """What a notice says; empty where it is none of these."""
        return next((says for begin, says in self.notices.items() if code.startswith(begin)), "")


@cache
def health_notices() -> HealthNotices:
    """The list."""
    return HealthNotices.model_validate_json(_FILE.read_bytes())
