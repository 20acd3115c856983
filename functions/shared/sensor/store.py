"""What is remembered of the sensor's lines, in the state table.

`FUNCTION#<arn>` / `SENSOR#STATE` holds since when a function has the sensor, and `FUNCTION#<arn>` /
`SENSOR#SEEN#<digest>` one thing that was seen. What was not seen for long expires.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from functions.shared.core.arn import FunctionArn
from functions.shared.sensor.line import Did, Kind, Sighting, Start
from functions.shared.state.table import Item, Table, Value, function_key

_STATE: Final = "SENSOR#STATE"
_SEEN: Final = "SENSOR#SEEN#"


@dataclass(frozen=True, slots=True)
class SensorState:
    """What is known of a function's sensor.

    Attributes:
        since: When an environment with it was first seen to come up; learning begins here.
        last_start: When one last was.
        wrong: The part of its policy that it does not understand; empty where it does.
        lost_at: When sights were last not told, or not remembered, because there were too many.
    """

    since: datetime | None = None
    last_start: datetime | None = None
    wrong: str = ""
    lost_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """One thing that a function did, over all the time it has been known.

    Attributes:
        sighting: What.
        first_seen: When it was first seen.
        last_seen: When it was last told of; an environment tells each thing once.
    """

    sighting: Sighting
    first_seen: datetime
    last_seen: datetime


class SensorStore:
    """What is remembered of sensors.

    Args:
        table: The state table.
        keep: How long a thing is remembered after it was last seen.
    """

    def __init__(self, table: Table, keep: timedelta) -> None:
        self._table = table
        self._keep = keep

    def state(self, function: FunctionArn) -> SensorState:
        """What is known of a function's sensor."""
        return _state(self._table.get(function_key(function), _STATE) or {})

    def started(self, function: FunctionArn, start: Start, at: datetime) -> SensorState:
        """Remember that an environment came up."""
        item = self._table.update(
            function_key(function),
            _STATE,
            {"last_start": at.isoformat(), "wrong": start.wrong},
            first={"since": at.isoformat()},
        )
        return _state(item)

    def lost(self, function: FunctionArn, at: datetime) -> SensorState:
        """Remember that there was too much to tell, or to remember."""
        values: dict[str, Value] = {"lost_at": at.isoformat()}
        return _state(self._table.update(function_key(function), _STATE, values))

    def seen(self, function: FunctionArn) -> list[Seen]:
        """Everything that was seen of a function, in a fixed order.

        DynamoDB removes what expired with delay: look at `last_seen`.
        """
        return [_seen(item) for item in self._table.query(function_key(function), _SEEN)]

    def remember(self, function: FunctionArn, sighting: Sighting, at: datetime) -> None:
        """Remember one sighting; a thing that is known is seen anew."""
        values: dict[str, Value] = {
            "kind": sighting.kind.value,
            "did": sighting.did.value,
            "name": sighting.name,
            "place": sighting.place,
            "arguments": sighting.arguments,
            "milliseconds": sighting.milliseconds,
            "last_seen": at.isoformat(),
            "expires_at": int((at + self._keep).timestamp()),
        }
        first: dict[str, Value] = {"first_seen": at.isoformat()}
        self._table.update(function_key(function), _key(sighting), values, first=first)


def _key(sighting: Sighting) -> str:
    whole = "\0".join((sighting.kind, sighting.did, sighting.name, sighting.place))
    return f"{_SEEN}{hashlib.sha256(whole.encode()).hexdigest()[:20]}"


def _state(item: Item) -> SensorState:
    return SensorState(
        since=_time(item.get("since")),
        last_start=_time(item.get("last_start")),
        wrong=str(item.get("wrong", "")),
        lost_at=_time(item.get("lost_at")),
    )


def _seen(item: Item) -> Seen:
    sighting = Sighting(
        Kind(str(item["kind"])),
        Did(str(item["did"])),
        name=str(item["name"]),
        place=str(item["place"]),
        arguments=str(item.get("arguments", "")),
        milliseconds=int(item.get("milliseconds", 0)),
    )
    first, last = str(item["first_seen"]), str(item["last_seen"])
    return Seen(sighting, datetime.fromisoformat(first), datetime.fromisoformat(last))


def _time(value: object) -> datetime | None:
    return datetime.fromisoformat(str(value)) if value else None
