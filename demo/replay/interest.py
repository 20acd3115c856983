"""Which events the deployment takes an interest in, and why not in the others."""

import json
from collections import Counter
from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any, Final

from demo.local_aws import LocalAws
from demo.replay.reading import Event
from functions.shared.events.change import MalformedEventError, NotAChange
from functions.shared.events.envelope import as_envelope
from functions.shared.events.read import read_change

_AT_ONCE: Final = 8


def ignored(aws: LocalAws, events: Sequence[Event], own_functions: Collection[str]) -> Counter[str]:
    """Count the events that no rule lets through, or that a consumer lays aside, by reason.

    Args:
        aws: Where the rules are deployed; each is asked about each event.
        events: The events.
        own_functions: Names of Warden's own functions.
    """
    patterns = _patterns(aws)
    client = aws.client("events")

    def reason(event: Event) -> str:
        text = json.dumps(_complete(event, aws))
        interesting = any(
            client.test_event_pattern(EventPattern=pattern, Event=text)["Result"]
            for pattern in patterns
        )
        return reason_against(event, own_functions, let_through=interesting)

    with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
        return Counter(filter(None, pool.map(reason, events)))


def reason_against(event: Event, own_functions: Collection[str], *, let_through: bool) -> str:
    """Why an event leads to no work; empty where it does lead to some. Pure."""
    try:
        change = read_change(as_envelope(event), own_functions=own_functions, now=datetime.now(UTC))
    except MalformedEventError as error:
        # What a rule lets through ends among the dead letters, with this reason.
        return "" if let_through else str(error)
    if isinstance(change, NotAChange):
        return change.reason
    return "" if let_through else "no rule lets it through"


def _patterns(aws: LocalAws) -> list[str]:
    rules = aws.client("events").list_rules()["Rules"]
    return [rule["EventPattern"] for rule in rules if rule.get("EventPattern")]


def _complete(event: Event, aws: LocalAws) -> dict[str, Any]:
    """The event with the fields that TestEventPattern insists on."""
    missing = {
        "id": "replayed",
        "account": aws.account,
        "region": aws.region,
        "time": datetime.now(UTC).isoformat(),
        "resources": [],
    }
    return {**missing, **event}
