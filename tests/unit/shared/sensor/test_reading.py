"""Lines, deliveries and policies are read as what they may be: written by an attacker."""

import base64
import gzip
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.shared.events.change import MalformedEventError
from functions.shared.sensor.delivery import read_delivery
from functions.shared.sensor.line import Did, Kind, Sighting, Start, Summary, read_line
from sensor.policy import (
    Category,
    Mode,
    PolicyEntry,
    PolicyError,
    SensorPolicy,
    difference,
    proposed,
)
from tests.unit.conftest import NOW, REGION
from tests.unit.shared.sensor_lines import delivery, line, packed


def test_a_line_is_found_behind_what_the_function_had_not_finished() -> None:
    found = read_line("progress 40 %... " + line("program", name="/bin/sh", argc=2, n=3) + "\n")
    assert found == Sighting(Kind.PROGRAM, Did.SEEN, name="/bin/sh")


def test_starts_and_summaries_are_told_apart() -> None:
    assert read_line(line("start", policy=2**64 - 1, wrong="x=y")) == Start(2**64 - 1, "x=y")
    assert read_line(line("summary", n=9, drop=2, unseen=1, refused=4)) == Summary(9, 2, 1, 4)


@pytest.mark.parametrize(
    "message",
    [
        "",
        "an ordinary line",
        '{"warden_sensor":2,"kind":"program","did":"seen"}',
        line("program", did="approved"),
        line("nonsense"),
        line("program", name="x" * 500),
        line("program", name="x")[:-1],
        line("program", name="x") + "}",
        '{"warden_sensor":1,' + '"a":[' * 100,
        '{"warden_sensor":1,"kind":"loop","did":"seen","ms":NaN}',
        '{"warden_sensor":1,"kind":"loop","did":"seen","ms":1e999}',
    ],
)
def test_what_is_no_line_is_none(message: str) -> None:
    assert read_line(message) is None


def test_values_of_a_wrong_type_or_size_count_as_absent() -> None:
    found = read_line(line("loop", name=[1], place=None, ms=-3, args={"a": 1}))
    assert found == Sighting(Kind.LOOP, Did.SEEN)
    assert read_line(line("loop", ms=True)) == Sighting(Kind.LOOP, Did.SEEN)


@given(st.text(max_size=200))
def test_no_name_leaves_its_line_or_reaches_a_person_unseen(name: str) -> None:
    found = read_line(line("program", name=name))
    if found is not None:
        assert isinstance(found, Sighting)
        assert found.name.isprintable()
        assert len(found.name) <= 160


def test_the_log_says_which_function_it_is_about() -> None:
    own = read_delivery(delivery("x", at=NOW), region=REGION, now=NOW)
    shared = read_delivery(delivery("x", at=NOW, group="/all/of/us"), region=REGION, now=NOW)
    assert own is not None
    assert shared is not None
    assert (own.function.name, shared.function.name) == ("orders", "payments")


def test_times_are_of_the_last_two_weeks_whatever_they_say() -> None:
    for stamp in (NOW + timedelta(days=400), NOW - timedelta(days=4000)):
        found = read_delivery(delivery("x", at=stamp), region=REGION, now=NOW)
        assert found is not None
        assert NOW - timedelta(days=14) <= found.entries[0].at <= NOW


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"awslogs": None},
        {"awslogs": {"data": "!"}},
        {"awslogs": {"data": base64.b64encode(b"no gzip").decode()}},
        {"awslogs": {"data": base64.b64encode(gzip.compress(b"no json", mtime=0)).decode()}},
        packed([]),
        packed({"messageType": "DATA_MESSAGE", "owner": "1", "logGroup": "/x", "logStream": ""}),
        {"awslogs": {"data": base64.b64encode(gzip.compress(b" " * 20_000_000, mtime=0)).decode()}},
    ],
)
def test_what_is_no_delivery_is_refused(event: dict[str, object]) -> None:
    with pytest.raises(MalformedEventError):
        read_delivery(event, region=REGION, now=NOW)


def test_a_test_of_the_subscription_is_nothing() -> None:
    assert read_delivery(packed({"messageType": "CONTROL_MESSAGE"}), region=REGION, now=NOW) is None


def test_a_policy_is_read_back_as_it_was_written() -> None:
    text = "connect=alert:*.amazonaws.com:443;program=block:/bin/sh,/opt/*;arguments=on"
    assert SensorPolicy.parse(text).text == text


@pytest.mark.parametrize(
    "text",
    ["programs=block", "program=deny", "program", "program=block;program=alert",
     "program=block:a b", "read=block:" + "x" * 161, "x" * 4000],
)  # fmt: skip
def test_a_wrong_policy_is_refused_with_what_is_wrong(text: str) -> None:
    with pytest.raises(PolicyError, match="policy"):
        SensorPolicy.parse(text)


def test_what_was_learnt_is_what_is_allowed() -> None:
    seen = [
        Sighting(Kind.PROGRAM, Did.SEEN, name="/usr/bin/git"),
        Sighting(Kind.CONNECT, Did.SEEN, name="api.example.com:443"),
        Sighting(Kind.UNSEEN, Did.SEEN),
    ]
    policy = proposed(seen, Mode.BLOCK)
    assert policy.entries[Category.PROGRAM] == PolicyEntry(Mode.BLOCK, ("/usr/bin/git",))
    assert policy.entries[Category.WRITE] == PolicyEntry(Mode.BLOCK)
    changed = difference(SensorPolicy.parse("program=alert"), policy)
    assert "program: allow /usr/bin/git" in changed.added
    assert changed.removed == ("program: alert",)


def test_a_name_that_would_add_to_the_policy_is_refused() -> None:
    for name in ("/x,/bin/*", "/x;program=observe", "/x y"):
        with pytest.raises(PolicyError):
            proposed([Sighting(Kind.PROGRAM, Did.SEEN, name=name)], Mode.BLOCK)
