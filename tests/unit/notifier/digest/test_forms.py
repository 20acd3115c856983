"""The forms of a digest: read on a phone, in a mailbox, in a chat, by a machine."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import jsonschema
import pytest

from functions.notifier.digest.compose import digests
from functions.notifier.digest.contents import Digest
from functions.notifier.digest.document import document
from functions.notifier.digest.mail import mail, subject
from functions.notifier.digest.message import LARGEST, attributes, body
from functions.notifier.digest.short import chat, sms
from tests.unit.notifier.digest.situations import alert, busy_week, costs, situation

_ROOT: Final = Path(__file__).resolve().parents[4]
_SCHEMA: Final = json.loads((_ROOT / "docs" / "digest.schema.json").read_text(encoding="utf-8"))
_GOLDEN: Final = Path(__file__).with_name("golden")
_HOSTILE: Final = "<script>alert(1)</script> *b* [x](https://evil.example) @here `rm -rf`\x1b[31m"


def digest_of(owner: str) -> Digest:
    return next(one for one in digests(busy_week()) if one.owner == owner)


def hostile() -> Digest:
    found = digests(situation(alert("orders", owner=_HOSTILE, title=_HOSTILE, reason=_HOSTILE)))
    return next(one for one in found if "script" in one.owner)


@pytest.mark.parametrize("owner", ["payments", "platform-team"])
def test_the_mail_reads_as_it_was_approved(owner: str) -> None:
    golden = _GOLDEN / f"{owner}.txt"
    assert mail(digest_of(owner)) == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("owner", ["", "lab", "payments", "platform-team"])
def test_the_document_keeps_its_published_schema(owner: str) -> None:
    jsonschema.validate(document(digest_of(owner)), _SCHEMA, cls=jsonschema.Draft202012Validator)


def test_the_schema_forbids_what_it_does_not_name() -> None:
    wrong = {**document(digest_of("lab")), "surprise": 1}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(wrong, _SCHEMA)


def test_the_subject_fits_a_locked_phone() -> None:
    assert subject(digest_of("payments")) == (
        "[DIGEST] payments: 1 critical, 1 high, 1 medium, 1 low open; 2 new, 2 resolved"
    )
    assert subject(digest_of("")).startswith("[DIGEST] unknown: ")
    assert len(subject(hostile())) <= 100
    assert subject(hostile()).isascii()


def test_a_text_message_is_short() -> None:
    assert sms(digest_of("payments")) == (
        "Warden weekly, payments: 1 critical, 1 high, 1 medium open; 2 new, 2 resolved"
    )
    assert len(sms(hostile())) <= 140


def test_a_digest_can_be_selected_and_wakes_nobody_who_asked_for_severities() -> None:
    selectable = attributes(digest_of("payments"))
    assert selectable["kind"] == ("digest",)
    assert selectable["owner"] == "payments"
    assert "severity" not in selectable
    assert len(selectable) <= 10


def test_a_chat_gets_the_schema_of_amazon_q_within_its_limits() -> None:
    message: Any = chat(digest_of("platform-team"))
    assert (message["version"], message["source"]) == ("1.0", "custom")
    assert "Capped at 5" in message["content"]["description"]
    many = [alert(f"orders-{number}", title="x" * 150) for number in range(50)]
    crowded = next(d for d in digests(situation(*many)) if d.owner == "payments")
    assert len(chat(crowded)["content"]["description"]) <= 8000  # type: ignore[index]


def test_nothing_from_outside_is_markup_or_a_link_anywhere() -> None:
    description: Any = chat(hostile())["content"]
    text = json.dumps(description, ensure_ascii=False)
    assert "<script>" not in text
    assert "\x1b" not in text
    assert "https://evil" not in re.sub("`[^`]*`", "", text), "nothing is a link within code"
    assert "https://evil" not in mail(hostile())
    assert "https://eu-west-1.console.aws.amazon.com/" in mail(hostile()), "our own link is one"
    assert "\x1b" not in mail(hostile())


def test_the_longest_digest_stays_within_the_limit_of_a_message() -> None:
    kinds = [
        alert(f"orders-{n}", owner="platform-team", title='"' * 150, reason='"' * 2000, rule=rule)
        for n in range(60)
        for rule in ("a", "b")
    ]
    digest = next(one for one in digests(situation(*kinds)) if one.whole_estate)
    section = replace(digest.sections[0], lines=digest.sections[0].lines * 40)
    whole = body(replace(digest, sections=(section,) * 10))
    assert len(whole.encode()) <= LARGEST
    forms = json.loads(whole)
    assert json.loads(forms["default"])["sections"][0]["total"] == section.total
    assert "list all with: warden alerts" in forms["email"]


def test_costs_that_could_not_be_read_are_not_called_nothing() -> None:
    [digest] = digests(situation(bill=costs(known=False)))
    text = mail(digest)
    assert "Warden cost  at least USD" in text
    assert "unknown  metrics read: not known (AccessDenied)" in text
    assert document(digest)["cost"]["complete"] is False  # type: ignore[index]
