"""Whatever an alert is made from, what leaves keeps the limits of those who carry it."""

import json
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from functions.notifier.formats.attributes import attributes
from functions.notifier.formats.body import sns_body
from functions.notifier.formats.chat import chat
from functions.notifier.formats.event import DETAIL_TYPES, detail, detail_type
from functions.notifier.formats.sms import sms
from functions.notifier.formats.subject import subject
from functions.shared.alerting.formats.context import Context
from functions.shared.alerting.notification import Notice, Notification
from tests.unit.shared.alerting.alerts import CONTEXT
from tests.unit.shared.alerting.anything import contexts, decisions, notifications

_SCHEMAS: Final = {
    name: json.loads(Path(f"docs/{name}").read_text(encoding="utf-8"))
    for name in ("alert.schema.json", "event.schema.json", "notification.schema.json")
}
_REGISTRY: Final = Registry().with_resources(
    (name, Resource.from_contents(schema)) for name, schema in _SCHEMAS.items()
)
ALERT: Final = Draft202012Validator(_SCHEMAS["alert.schema.json"], registry=_REGISTRY)
EVENT: Final = Draft202012Validator(_SCHEMAS["event.schema.json"], registry=_REGISTRY)
NOTIFICATION: Final = Draft202012Validator(_SCHEMAS["notification.schema.json"], registry=_REGISTRY)
_LIMIT: Final = 256 * 1024


@given(notifications(), contexts)
def test_a_message_keeps_the_limits_of_sns(notification: Notification, context: Context) -> None:
    line = subject(notification)
    assert 0 < len(line) <= 100
    assert all(" " <= character <= "~" for character in line)
    named = attributes(notification)
    assert len(named) <= 10, "raw delivery to SQS allows no more"
    for value in named.values():
        assert value, "SNS takes no empty attribute"
        assert isinstance(value, str) or all(value)
    body = sns_body(notification, context)
    around = len(line) + sum(
        len(name) + len(json.dumps(value).encode()) for name, value in named.items()
    )
    assert len(body.encode()) + around <= _LIMIT
    parts = json.loads(body)
    assert parts.keys() == {"default", "email", "sms"}
    NOTIFICATION.validate(json.loads(parts["default"], parse_constant=pytest.fail))


@given(notifications())
def test_an_sms_is_one_message_of_the_gsm_alphabet(notification: Notification) -> None:
    text = sms(notification, CONTEXT)
    assert 0 < len(text) <= 140
    assert all(" " <= character <= "~" for character in text)
    assert not set(text) & set("[]{}\\|^~`")


@given(decisions, contexts)
def test_an_event_keeps_its_schema_and_the_limit_of_event_bridge(
    notice: Notice, context: Context
) -> None:
    body = detail(notice, context, muted="silence x")
    EVENT.validate(body)
    assert len(json.dumps(body).encode()) + 2000 <= _LIMIT
    assert detail_type(notice) in DETAIL_TYPES.values()


@given(notifications(), contexts)
def test_a_chat_message_keeps_the_limits_of_amazon_q(
    notification: Notification, context: Context
) -> None:
    message = chat(notification, context)
    content: dict[str, Any] = message["content"]
    assert (message["version"], message["source"]) == ("1.0", "custom")
    assert 0 < len(content["title"]) <= 250
    assert 0 < len(content["description"]) <= 8000
    assert len(json.dumps(message).encode()) <= _LIMIT
    assert all(
        isinstance(value, str) for value in message["metadata"]["additionalContext"].values()
    )
