"""The list of message types is the only one: who sends and who reads take names from it."""

import ast
import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from functions.shared.alerting.notification import AlertEvent
from functions.shared.core.arn import FunctionArn
from functions.shared.events import message_types
from functions.shared.events.envelope import own_message, read_envelope
from functions.shared.events.message_types import (
    CLOUDTRAIL_CALL,
    OBJECT_CREATED,
    OBJECT_DELETED,
    WARDEN_SOURCE,
    MessageType,
    alert_event_type,
)
from functions.shared.events.read import named_function

THE_LIST = Path(message_types.__file__)
NAMES = {
    WARDEN_SOURCE,
    CLOUDTRAIL_CALL,
    OBJECT_CREATED,
    OBJECT_DELETED,
    *(kind.value for kind in MessageType),
    *(alert_event_type(reported.value) for reported in AlertEvent),
}
SOURCES = {
    path: path.read_text(encoding="utf-8")
    for folder in ("functions", "stacks", "warden")
    for path in Path(folder).rglob("*.py")
}


def test_no_other_file_spells_a_type_or_the_source_of_a_message() -> None:
    spelt = [
        f"{path}:{node.lineno}: {node.value!r}"
        for path, text in SOURCES.items()
        if not THE_LIST.samefile(path) and any(name in text for name in NAMES)
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Constant) and node.value in NAMES
    ]
    assert spelt == [], f"take it from {message_types.__name__}"


@pytest.mark.parametrize("kind", MessageType)
def test_each_type_has_a_reader_and_a_sender(kind: MessageType) -> None:
    uses = re.compile(rf"\bMessageType\.{kind.name}\b")
    named = [path for path, text in SOURCES.items() for _ in uses.finditer(text)]
    readers = [path for path in named if path.name in {"handler.py", "read.py"}]
    assert readers, "no handler reads it"
    assert len(named) > 1, "nobody sends it"


def test_a_message_is_read_as_what_was_sent() -> None:
    function = FunctionArn.parse("arn:aws:lambda:eu-west-1:123456789012:function:orders")
    at = datetime(2026, 3, 10, 12, tzinfo=UTC)
    sent = own_message(MessageType.CAP_EXPIRED, {"until": 7}, about=function, at=at)
    read = read_envelope(json.dumps(sent))
    assert read.own_type is MessageType.CAP_EXPIRED
    assert (named_function(read), read.happened_at(datetime.now(UTC))) == (function, at)
    assert (read.account, read.region, read.detail["until"]) == ("123456789012", "eu-west-1", 7)


@pytest.mark.parametrize(
    ("source", "kind"), [("aws.lambda", "Cap Expired"), (WARDEN_SOURCE, "Cap Expires")]
)
def test_what_another_source_says_or_nobody_knows_is_none_of_ours(source: str, kind: str) -> None:
    event = {"source": source, "detail-type": kind, "detail": {}}
    assert read_envelope(json.dumps(event)).own_type is None
