"""Where reports of the estate are kept, and how a person gets there."""

from datetime import date
from typing import Final
from urllib.parse import quote

REPORTS: Final = "reports/"
LATEST: Final = f"{REPORTS}latest.html"


def dated(day: date) -> str:
    """The key of a day's report."""
    return f"{REPORTS}estate-{day.isoformat()}.html"


def console_address(bucket: str, region: str, key: str = LATEST) -> str:
    """The console's page of a report, which asks for a login; empty without a bucket."""
    if not bucket:
        return ""
    return (
        f"https://{region}.console.aws.amazon.com/s3/object/{quote(bucket)}"
        f"?region={region}&prefix={quote(key)}"
    )
