"""The sweep: what events missed is looked at, what did not change costs no call."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.shared.aws.listing import Listed
from functions.shared.config import WardenConfig, load_config
from functions.shared.core.arn import FunctionArn
from functions.shared.events.change import ChangeKind, FunctionChange
from functions.shared.events.read import read_change
from functions.sweep.decide import digest
from functions.sweep.handler import NotPublishedError, sweep
from tests.unit.conftest import NOW, REGION, World
from tests.unit.shared.events import enveloped
from tests.unit.shared.findings import ORDERS

TODAY = NOW.date()
TAGS = {"owner": "payments", "expiry": TODAY.isoformat()}
SEEN = Listed(ORDERS, "r1", "sha", TAGS)


@pytest.mark.parametrize(
    "changed",
    [
        Listed(ORDERS, "r2", "sha", TAGS),
        Listed(ORDERS, "r1", "other", TAGS),
        Listed(ORDERS, "r1", "sha", TAGS | {"owner": "x"}),
        Listed(ORDERS, "r1", "sha", None),
        Listed(ORDERS, "r1", "sha", {}),
    ],
)
def test_whatever_a_judgement_depends_on_changes_the_digest(changed: Listed) -> None:
    assert digest(changed, WardenConfig(), TODAY) != digest(SEEN, WardenConfig(), TODAY)


def test_the_order_of_tags_changes_nothing() -> None:
    other = Listed(ORDERS, "r1", "sha", dict(reversed(TAGS.items())))
    assert digest(other, WardenConfig(), TODAY) == digest(SEEN, WardenConfig(), TODAY)


def test_the_day_after_an_expiry_changes_the_digest() -> None:
    tomorrow = TODAY + timedelta(days=1)
    unexpired = Listed(ORDERS, "r1", "sha", TAGS | {"expiry": "2099-01-01"})
    assert digest(SEEN, WardenConfig(), tomorrow) != digest(SEEN, WardenConfig(), TODAY)
    assert digest(unexpired, WardenConfig(), tomorrow) == digest(unexpired, WardenConfig(), TODAY)


def test_the_day_on_which_a_function_is_to_be_stopped_changes_the_digest_where_policy_stops() -> (
    None
):
    stops = load_config({"guard": {"quarantine": {"reasons": ["lifecycle"]}}})
    days = [TODAY + timedelta(days=offset) for offset in range(1, 15)]

    def changes(config: WardenConfig) -> set[int]:
        digests = [digest(SEEN, config, day) for day in days]
        return {n for n, (a, b) in enumerate(pairwise(digests), 2) if a != b}

    assert changes(stops) - changes(WardenConfig()) == {8}


@given(
    st.from_regex(r"[a-z]{1,20}", fullmatch=True),
    st.dates(date(2026, 1, 1), date(2030, 1, 1)),
)
def test_every_function_is_looked_at_once_in_any_week(name: str, start: date) -> None:
    one = Listed(FunctionArn("aws", REGION, "1" * 12, name), "r1", "sha", {})
    days = [start + timedelta(days=offset) for offset in range(8)]
    digests = [digest(one, WardenConfig(), today) for today in days]
    assert sum(a != b for a, b in pairwise(digests)) == 1


def test_the_estate_is_spread_over_the_week() -> None:
    def weekday(name: str) -> int:
        one = Listed(FunctionArn("aws", REGION, "1" * 12, name), "r1", "sha", {})
        days = [TODAY + timedelta(days=offset) for offset in range(8)]
        digests = [digest(one, WardenConfig(), today) for today in days]
        return next(i for i in range(7) if digests[i] != digests[i + 1])

    counts = Counter(weekday(f"function-{number}") for number in range(350))
    assert len(counts) == 7
    assert max(counts.values()) < 100


Entries = list[dict[str, Any]]


@pytest.fixture
def entries(world: World) -> Iterator[Entries]:
    """What is put on the event bus, as it is put."""
    put: Entries = []

    def record(params: dict[str, Any], **_: Any) -> None:
        put.extend(params["Entries"])

    events, call = world.warden.aws.events.meta.events, "provide-client-params.events.PutEvents"
    events.register(call, record)
    yield put
    events.unregister(call, record)


def names(entries: Entries) -> list[str]:
    arns = [json.loads(entry["Detail"])["functionArn"] for entry in entries]
    return sorted(FunctionArn.parse(arn).name for arn in arns)


def test_new_functions_are_observed_once_and_then_only_when_they_change(
    world: World, entries: Entries
) -> None:
    for number in range(12):
        world.create_function(f"f{number:02}")
    assert sweep(world.warden, NOW) == {"functions": 12, "observed": 12}
    assert names(entries) == [f"f{number:02}" for number in range(12)]
    assert sweep(world.warden, NOW) == {"functions": 12, "observed": 0}
    world.warden.aws.functions.update_function_code(FunctionName="f03", ZipFile=b"other code")
    world.warden.aws.functions.tag_resource(
        Resource=str(FunctionArn("aws", REGION, "123456789012", "f04")), Tags={"owner": "x"}
    )
    entries.clear()
    sweep(world.warden, NOW)
    assert names(entries) == ["f03", "f04"]


def test_an_observation_is_understood_and_says_when_the_estate_was_listed(
    world: World, entries: Entries
) -> None:
    world.create_function("orders")
    sweep(world.warden, NOW)
    [entry] = entries
    event = {
        "source": entry["Source"],
        "detail-type": entry["DetailType"],
        "detail": json.loads(entry["Detail"]),
        "time": entry["Time"].isoformat(),
    }
    change = read_change(enveloped(event), own_functions=WardenConfig().own_functions, now=NOW)
    assert change == FunctionChange(
        ORDERS, ChangeKind.OBSERVED, NOW, event_name="Function Observed"
    )


def test_what_the_bus_refuses_is_swept_again_and_stops_nothing_else(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("first", "second"):
        world.create_function(name)
    client = world.warden.aws.events
    put = client.put_events

    def refuse_first(**request: Any) -> dict[str, Any]:
        answer: dict[str, Any] = {"FailedEntryCount": 1, **put(**request)}
        for number, entry in enumerate(request["Entries"]):
            if "first" in entry["Detail"]:
                answer["Entries"][number] = {"ErrorCode": "ThrottlingException"}
        return answer

    with monkeypatch.context() as patch:
        patch.setattr(client, "put_events", refuse_first)
        with pytest.raises(NotPublishedError, match="1 observations"):
            sweep(world.warden, NOW)
    assert sweep(world.warden, NOW) == {"functions": 2, "observed": 1}
