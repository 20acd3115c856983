import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from demo.project import ROOT
from demo.replay.reading import BadInputError, as_events, read_events

RECORD: dict[str, Any] = {
    "eventSource": "lambda.amazonaws.com",
    "eventName": "AddPermission20150331v2",
    "eventTime": "2026-05-04T09:12:00Z",
    "eventID": "e-1",
    "awsRegion": "eu-central-1",
    "recipientAccountId": "210987654321",
}
EVENT = {
    "id": "e-1",
    "time": "2026-05-04T09:12:00Z",
    "account": "210987654321",
    "region": "eu-central-1",
    "source": "aws.lambda",
    "detail-type": "AWS API Call via CloudTrail",
    "detail": RECORD,
}


@pytest.mark.parametrize(
    "document",
    [[RECORD], {"Records": [RECORD]}, RECORD, [EVENT], EVENT],
    ids=["records", "log file", "one record", "events", "one event"],
)
def test_every_form_becomes_the_same_event(document: object) -> None:
    (event,) = as_events(document)
    assert event | EVENT == event
    assert event["detail"] == RECORD


def test_a_call_of_another_service_keeps_its_source() -> None:
    (event,) = as_events([{**RECORD, "eventSource": "s3.amazonaws.com"}])
    assert event["source"] == "aws.s3"


def test_a_compressed_log_file_is_read_as_cloudtrail_delivers_it(tmp_path: Path) -> None:
    file = tmp_path / "log.json.gz"
    file.write_bytes(gzip.compress(json.dumps({"Records": [RECORD]}).encode()))
    assert len(read_events(file)) == 1


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"no json", "no JSON at line 1, column 1"),
        (b"[", "no JSON at line 1"),
        (b'"text"', "event 0: must be a JSON object, not a text"),
        (b"[null]", "event 0: must be a JSON object, not nothing"),
        (b"[[]]", "event 0: must be a JSON object, not a list"),
        (b'{"Records": {}}', "Records: must be a list"),
        (b'[{"name": 1}]', "event 0: neither an EventBridge event"),
        (b'[{"detail-type": "x", "source": "y"}]', "event 0: detail: must be a JSON object"),
        (b'{"detail-type": "x", "detail": {}}', "event 0: source: must be a text"),
        (
            b'[{"eventSource": "a", "eventName": "b", "eventTime": "noon"}]',
            "event 0: time: must be an ISO 8601 time",
        ),
        (b"\x1f\x8bnot gzip", "damaged"),
        (b"\xff\xfe\xff", "neither text nor compressed"),
        (b"[" * 100_000, "nested too deeply"),
    ],
)
def test_a_bad_file_is_refused_with_its_name_and_problem(
    tmp_path: Path, content: bytes, problem: str
) -> None:
    file = tmp_path / "events.json"
    file.write_bytes(content)
    with pytest.raises(BadInputError) as refused:
        read_events(file)
    assert str(refused.value).startswith(f"{file}: ")
    assert problem in str(refused.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match=r"gone\.json: No such file"):
        read_events(tmp_path / "gone.json")


@pytest.mark.parametrize("file", sorted((ROOT / "demo" / "events").iterdir()), ids=lambda f: f.name)
def test_the_sample_files_can_be_read(file: Path) -> None:
    assert read_events(file)
