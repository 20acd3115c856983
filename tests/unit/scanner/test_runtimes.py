"""The list of runtimes: read whole, and never shipped old."""

import os
import warnings
from datetime import UTC, date, datetime, timedelta

from functions.scanner.runtimes import runtimes

_OLDEST_AT_RELEASE = timedelta(days=90)


def test_dates_are_plausible() -> None:
    known = runtimes()
    assert known.source.startswith("https://docs.aws.amazon.com/")
    assert known.deprecated_on["nodejs12.x"] < known.deprecated_on["nodejs22.x"]
    assert all(date(2016, 1, 1) < day < date(2040, 1, 1) for day in known.deprecated_on.values())


def test_the_list_is_fresh_enough_to_release() -> None:
    """A release fails on an old list (`RELEASE=1`); day-to-day work is only told."""
    age = datetime.now(UTC).date() - runtimes().as_of
    if age <= _OLDEST_AT_RELEASE:
        return
    message = (
        f"functions/scanner/data/runtimes.json is {age.days} days old; "
        f"compare it with {runtimes().source} and set as_of"
    )
    assert os.environ.get("RELEASE") != "1", message
    warnings.warn(message, stacklevel=1)
