"""Edges and looks in the state table.

`FUNCTION#<arn>` / `EDGE#<direction>#<digest of the peer>` holds one edge, `FLOWS` / `<arn>` what is
remembered of the looks at a function, and `FLOWS` / `LOOK` until when the estate was looked at.
What was not seen for `detector.flows.keep_days` expires.
"""

import hashlib
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from functions.shared.core.arn import FunctionArn
from functions.shared.flows.edge import Direction, Edge, Tally, Via
from functions.shared.flows.peer import Peer
from functions.shared.flows.state import (
    ExplainingChange,
    FlowState,
    changes_from_json,
    changes_to_json,
    cycles_from_json,
    cycles_to_json,
    peers_from_json,
    peers_to_json,
)
from functions.shared.flows.times import Times
from functions.shared.state.table import Item, Table, Value, function_key

_FLOWS: Final = "FLOWS"
_LOOK: Final = "LOOK"
_EDGE: Final = "EDGE#"
_CHANGES: Final = 10  # that are remembered of one function


class FlowStore:
    """What is remembered of flows.

    Args:
        table: The state table.
        keep: How long an edge, and a function, is remembered after it was last seen.
    """

    def __init__(self, table: Table, keep: timedelta) -> None:
        self._table = table
        self.keep = keep

    def edges(self, function: FunctionArn) -> list[Edge]:
        """The edges of a function, in a fixed order.

        DynamoDB removes what expired with delay: look at `last_seen`.
        """
        return [_edge(item) for item in self._table.query(function_key(function), _EDGE)]

    def save_edge(self, function: FunctionArn, edge: Edge) -> None:
        """Write the next state of an edge over the one that it was made from.

        Raises:
            ConflictError: Somebody else wrote it since; read and count again.
        """
        values: dict[str, Value] = {
            "direction": edge.direction.value,
            "kind": edge.peer.kind,
            "name": edge.peer.name,
            "first_seen": edge.first_seen.isoformat(),
            "last_seen": edge.last_seen.isoformat(),
            "via": ",".join(sorted(edge.via)),
            "tally": json.dumps(_numbers(edge.tally)),
            "recent": json.dumps(_numbers(edge.recent)),
            "times": edge.times.text,
            "usual": edge.usual.text,
            "active": edge.active,
            "longest_quiet": edge.longest_quiet,
            "configured": edge.configured,
            "revision": edge.revision + 1,
            "expires_at": int((edge.last_seen + self.keep).timestamp()),
        }
        for name, at in (
            ("traced_first", edge.traced_first),
            ("traced_last", edge.traced_last),
            ("counted_until", edge.counted_until),
        ):
            if at:
                values[name] = at.isoformat()
        key = (function_key(function), _edge_key(edge.direction, edge.peer))
        if edge.revision:
            self._table.update(*key, values, where={"revision": edge.revision})
        else:
            self._table.put({"pk": key[0], "sk": key[1], **values}, unless_exists=True)

    def state(self, function: FunctionArn) -> FlowState:
        """What is remembered of the looks at a function."""
        return _state(function, self._table.get(_FLOWS, str(function)) or {})

    def states(self) -> Iterator[FlowState]:
        """What is remembered of the looks at every function that was ever looked at."""
        for item in self._table.query(_FLOWS, "arn:"):
            yield _state(FunctionArn.parse(str(item["sk"])), item)

    def save_state(self, state: FlowState, now: datetime, *, active: bool) -> None:
        """Remember a look. What events tell (`changes`) is written by `note_change` only.

        Args:
            state: What is to be remembered.
            now: The time.
            active: Whether the function is alive: only then it is remembered for longer.
        """
        values: dict[str, Value] = {
            "observations": state.observations,
            "sources": peers_to_json(state.sources),
            "unread": json.dumps(list(state.unread), ensure_ascii=False),
            "cycles": cycles_to_json(state.cycles),
        }
        expires = int((now + self.keep).timestamp())
        if active:
            values["expires_at"] = expires
        times = {
            "since": state.since,
            "learned_at": state.learned_at,
            "looked_until": state.looked_until,
            "asked_at": state.asked_at,
            "asked_since": state.asked_since,
        }
        values |= {name: at.isoformat() for name, at in times.items() if at}
        remove = [name for name, at in times.items() if not at]
        # Even one that expired between reading and writing must not stay for ever.
        first: dict[str, Value] = {} if active else {"expires_at": expires}
        self._table.update(_FLOWS, str(state.function), values, first=first, remove=remove)

    def remember_asked(self, function: FunctionArn, now: datetime) -> None:
        """Remember that there was nothing to ask about a function, which is gone."""
        self._table.update(_FLOWS, str(function), {"asked_at": now.isoformat()})

    def note_change(self, function: FunctionArn, change: ExplainingChange, now: datetime) -> None:
        """Remember a change that may explain a new edge, and that asks for a new reading.

        Raises:
            ConflictError: Another change was noted at once; deliver the event again.
        """
        item = self._table.get(_FLOWS, str(function)) or {}
        before = str(item.get("changes", ""))
        known = changes_from_json(before)
        if change in known:
            return
        newest_first = sorted((change, *known), key=lambda one: one.at, reverse=True)
        values: dict[str, Value] = {
            "changes": changes_to_json(newest_first[:_CHANGES]),
            "changed_at": now.isoformat(),
            "expires_at": int((now + self.keep).timestamp()),
        }
        where = {"changes": before} if before else None
        self._table.update(_FLOWS, str(function), values, where=where)

    def looked_until(self) -> datetime | None:
        """Until when the service graph was handed out; None before the first look."""
        return _time((self._table.get(_FLOWS, _LOOK) or {}).get("until"))

    def remember_look(self, until: datetime) -> None:
        """Remember until when the service graph was handed out."""
        self._table.update(_FLOWS, _LOOK, {"until": until.isoformat()})


def _edge_key(direction: Direction, peer: Peer) -> str:
    digest = hashlib.sha256(json.dumps([peer.kind, peer.name]).encode()).hexdigest()[:24]
    return f"{_EDGE}{direction.value}#{digest}"


def _edge(item: Item) -> Edge:
    return Edge(
        direction=Direction(str(item["direction"])),
        peer=Peer(str(item["kind"]), str(item["name"])),
        first_seen=datetime.fromisoformat(str(item["first_seen"])),
        last_seen=datetime.fromisoformat(str(item["last_seen"])),
        via=frozenset(Via(via) for via in str(item["via"]).split(",") if via),
        tally=Tally(*json.loads(str(item["tally"]))),
        recent=Tally(*json.loads(str(item["recent"]))),
        traced_first=_time(item.get("traced_first")),
        traced_last=_time(item.get("traced_last")),
        active=int(item["active"]),
        longest_quiet=int(item["longest_quiet"]),
        counted_until=_time(item.get("counted_until")),
        configured=bool(item["configured"]),
        revision=int(item["revision"]),
        times=Times.read(str(item.get("times", ""))),
        usual=Times.read(str(item.get("usual", ""))),
    )


def _state(function: FunctionArn, item: Item) -> FlowState:
    return FlowState(
        function,
        since=_time(item.get("since")),
        learned_at=_time(item.get("learned_at")),
        observations=int(item.get("observations", 0)),
        looked_until=_time(item.get("looked_until")),
        asked_at=_time(item.get("asked_at")),
        asked_since=_time(item.get("asked_since")),
        changed_at=_time(item.get("changed_at")),
        changes=changes_from_json(str(item.get("changes", ""))),
        sources=peers_from_json(str(item.get("sources", ""))),
        unread=tuple(json.loads(str(item.get("unread", "[]")))),
        cycles=cycles_from_json(str(item.get("cycles", ""))),
    )


def _numbers(tally: Tally) -> list[int]:
    return [tally.calls, tally.faults, tally.milliseconds]


def _time(value: object) -> datetime | None:
    return datetime.fromisoformat(str(value)) if value else None
