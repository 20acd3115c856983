"""The sweep: what events missed is looked at, what did not change costs no call."""

import json
from collections import Counter
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.shared.alerting.book import Judgement
from functions.shared.alerting.finding import Verdict
from functions.shared.aws.listing import Listed
from functions.shared.aws.queue import NotEnqueuedError
from functions.shared.config import WardenConfig, load_config
from functions.shared.core.arn import FunctionArn
from functions.shared.events.change import ChangeKind, FunctionChange
from functions.shared.events.read import read_change
from functions.shared.runtime.intake import take_in
from functions.sweep.decide import digest
from functions.sweep.handler import sweep
from tests.unit.conftest import NOW, REGION, World
from tests.unit.shared.events import enveloped
from tests.unit.shared.findings import ORDERS, finding

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


def asked_for(world: World) -> Entries:
    """The messages that a sweep put into the first of the queues of those who judge."""
    first, *others = world.warden.settings.change_queue_urls
    put = [json.loads(body) for body in world.drain(first)]
    for other in others:
        assert len(world.drain(other)) == len(put)
    return put


def names(entries: Entries) -> list[str]:
    arns = [entry["detail"]["functionArn"] for entry in entries]
    return sorted(FunctionArn.parse(arn).name for arn in arns)


def test_new_functions_are_observed_once_and_then_only_when_they_change(world: World) -> None:
    for number in range(12):
        world.create_function(f"f{number:02}")
    assert sweep(world.warden, NOW) == {"functions": 12, "observed": 12, "vanished": 0}
    assert names(asked_for(world)) == [f"f{number:02}" for number in range(12)]
    assert sweep(world.warden, NOW) == {"functions": 12, "observed": 0, "vanished": 0}
    world.warden.aws.lambda_.update_function_code(FunctionName="f03", ZipFile=b"other code")
    world.warden.aws.lambda_.tag_resource(
        Resource=str(FunctionArn("aws", REGION, "123456789012", "f04")), Tags={"owner": "x"}
    )
    sweep(world.warden, NOW)
    assert names(asked_for(world)) == ["f03", "f04"]


def test_an_observation_is_understood_and_says_when_the_estate_was_listed(world: World) -> None:
    world.create_function("orders")
    sweep(world.warden, NOW)
    [event] = asked_for(world)
    change = read_change(enveloped(event), own_functions=WardenConfig().own_functions, now=NOW)
    assert change == FunctionChange(
        ORDERS, ChangeKind.OBSERVED, NOW, event_name="Function Observed"
    )


def test_what_a_queue_refuses_is_swept_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.create_function("orders")
    with monkeypatch.context() as patch:
        refused = {"Failed": [{"Id": "0", "Code": "Throttled", "SenderFault": False}]}
        patch.setattr(world.warden.aws.sqs, "send_message_batch", lambda **_: refused)
        with pytest.raises(NotEnqueuedError, match="1 of 1"):
            sweep(world.warden, NOW)
    sweep(world.warden, NOW)
    assert names(asked_for(world)) == ["orders"]


def test_a_function_with_open_alerts_that_is_not_listed_is_looked_at_and_its_alerts_close(
    world: World,
) -> None:
    judgement = Judgement(
        function=ORDERS, verdicts=[Verdict("tag-policy", (finding(),))], scope="tags"
    )
    world.warden.alerts.settle(judgement, NOW)
    assert sweep(world.warden, NOW)["vanished"] == 1
    [event] = asked_for(world)
    later = NOW + timedelta(minutes=1)
    assert take_in(enveloped(event), world.warden, scope="tags", now=later) is None
    [stored] = world.warden.stored_alerts.of(ORDERS)
    assert not stored.alert.is_open
    assert sweep(world.warden, later)["vanished"] == 0
