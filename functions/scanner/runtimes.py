"""End-of-support dates of Lambda's runtimes, from a dated data file."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

_FILE: Final = Path(__file__).parent / "data" / "runtimes.json"


@dataclass(frozen=True, slots=True)
class Runtimes:
    """When each runtime's support ends.

    Attributes:
        source: The page that the dates were taken from.
        as_of: The day on which they were.
        deprecated_on: Runtime identifier to its deprecation date.
    """

    source: str
    as_of: date
    deprecated_on: Mapping[str, date]


@cache
def runtimes() -> Runtimes:
    """Read the data file that is deployed with the scanner."""
    document = json.loads(_FILE.read_text(encoding="utf-8"))
    return Runtimes(
        source=document["source"],
        as_of=date.fromisoformat(document["as_of"]),
        deprecated_on={
            name: date.fromisoformat(day) for name, day in document["deprecated_on"].items()
        },
    )
