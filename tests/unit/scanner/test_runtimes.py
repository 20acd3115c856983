"""The list of runtimes: read whole, never shipped old, and replaced by a newer one at once."""

import json
import os
import warnings
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from botocore.loaders import Loader

from functions.scanner.advisory_age import check
from functions.scanner.facts import AdvisoryState, Setting
from functions.scanner.runtimes import KEY, RuntimeList, RuntimesError, read_runtimes, shipped
from functions.shared.config import ScannerPolicy
from functions.shared.core.reading import Known
from tests.unit.conftest import World
from tests.unit.scanner.rules.known import NOW, function

_OLDEST_AT_RELEASE = timedelta(days=90)


def test_dates_are_plausible() -> None:
    known = shipped()
    assert known.source.startswith("https://docs.aws.amazon.com/")
    before, after = (known.deprecated_on[name] for name in ("nodejs12.x", "nodejs22.x"))
    assert before
    assert after
    assert before < after
    days = [day for day in known.deprecated_on.values() if day]
    assert all(date(2016, 1, 1) < day < date(2040, 1, 1) for day in days)


def test_every_runtime_of_the_sdk_is_known() -> None:
    shapes = Loader().load_service_model("lambda", "service-2")["shapes"]
    assert set(shapes["Runtime"]["enum"]) <= set(shipped().deprecated_on)


def test_the_list_is_fresh_enough_to_release() -> None:
    """A release fails on an old list (`RELEASE=1`); day-to-day work is only told."""
    age = datetime.now(UTC).date() - shipped().as_of
    if age <= _OLDEST_AT_RELEASE:
        return
    message = (
        f"functions/scanner/data/runtimes.json is {age.days} days old; "
        f"compare it with {shipped().source} and set as_of"
    )
    assert os.environ.get("RELEASE") != "1", message
    warnings.warn(message, stacklevel=1)


def _document(**changes: Any) -> dict[str, Any]:
    days = {name: day and day.isoformat() for name, day in shipped().deprecated_on.items()}
    return {
        "source": shipped().source,
        "as_of": "2030-01-01",
        "deprecated_on": days | {"rust2.x": "2035-01-31"},
    } | changes


@pytest.mark.parametrize(
    ("document", "named"),
    [
        (_document(source="file:///etc/passwd"), "source"),
        (_document(as_of="soon"), "as_of"),
        (_document(deprecated_on={"python3.13": "2029-06-30"}), "deprecated_on"),
        (_document(deprecated_on=_document()["deprecated_on"] | {"x": "never"}), "deprecated_on"),
        ([], ""),
    ],
)
def test_a_list_that_is_none_is_refused_by_its_field(document: Any, named: str) -> None:
    with pytest.raises(RuntimesError) as caught:
        read_runtimes(json.dumps(document))
    assert named in str(caught.value)


def test_a_newer_list_from_the_bucket_counts_and_an_older_one_does_not(world: World) -> None:
    s3, bucket = world.warden.aws.s3, world.warden.settings.bucket
    now = [0.0]
    listed = RuntimeList(s3, bucket, lambda: now[0])
    assert listed.get() is shipped()
    s3.put_object(Bucket=bucket, Key=KEY, Body=json.dumps(_document()).encode())
    assert listed.get() is shipped(), "asked a moment ago"
    now[0] += 901
    assert listed.get().deprecated_on["rust2.x"] == date(2035, 1, 31)
    older = json.dumps(_document(as_of="2020-01-01"))
    s3.put_object(Bucket=bucket, Key=KEY, Body=older.encode())
    now[0] += 901
    assert listed.get() is shipped()


def test_a_list_that_cannot_be_used_is_a_fault_of_the_estate(world: World) -> None:
    s3, bucket = world.warden.aws.s3, world.warden.settings.bucket
    s3.put_object(Bucket=bucket, Key=KEY, Body=b"{}")
    known = RuntimeList(s3, bucket).get()
    assert known.deprecated_on == shipped().deprecated_on
    state = Known(AdvisoryState(NOW, "x"))
    setting = Setting(ScannerPolicy(), NOW, known)
    (finding,) = check(state, function("sync"), setting).findings
    assert finding.subject == "runtimes"
    assert "source" in finding.reason
