"""Where reports of the estate are kept."""

from datetime import date
from typing import Final

REPORTS: Final = "reports/"
LATEST: Final = f"{REPORTS}latest.html"


def dated(day: date) -> str:
    """The key of a day's report."""
    return f"{REPORTS}estate-{day.isoformat()}.html"
