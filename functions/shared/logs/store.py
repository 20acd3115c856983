"""What is remembered of a function's log lines, in the state table.

`FUNCTION#<arn>` / `LOGS#STATE` says since when its log is read; `LOGS#ERROR#<fingerprint>` holds
one kind of error, `LOGS#SIGNAL#<digest>` one of signals, `LOGS#SENSITIVE#<digest>` one of what
should not stand in a log, and `LOGS#DELIVERY#<digest>` says for a day that a delivery was taken in.
`LOGS` / `<arn>` lists the functions. What was not logged for long expires.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from functions.shared.core.arn import FunctionArn
from functions.shared.state.table import ConflictError, Item, Table, Value, function_key

_STATE: Final = "LOGS#STATE"
_ERROR: Final = "LOGS#ERROR#"
_SIGNAL: Final = "LOGS#SIGNAL#"
_SENSITIVE: Final = "LOGS#SENSITIVE#"
_DELIVERY: Final = "LOGS#DELIVERY#"
_FUNCTIONS: Final = "LOGS"
_ATTEMPTS: Final = 5
_RARELY: Final = timedelta(minutes=10)
_ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Logged:
    """Something that stood in a function's log, over all the time it has been known.

    Attributes:
        key: Tells it from others of its sort: an error's fingerprint, or what a signal is about.
        count: How often it was logged.
        first: When it was first logged.
        last: When it was last logged.
        group: The log group where it was last logged.
        stream: The stream, likewise.
        facts: What else is known of it, by name; texts are redacted.
        hour: Start of the hour that `in_hour` is about.
        in_hour: How often it was logged in the last hour in which it was.
        most_in_hour: How often it was logged in an hour at most, since it last began.
    """

    key: str
    count: int
    first: datetime
    last: datetime
    group: str
    stream: str
    facts: dict[str, str] = field(default_factory=dict)
    hour: datetime | None = None
    in_hour: int = 0
    most_in_hour: int = 0


@dataclass(frozen=True, slots=True)
class LogState:
    """What is known of the reading of a function's log.

    Attributes:
        since: When its first line was read.
        last: When a delivery last came, within ten minutes.
        group: Its log group.
        gaps: What could not be looked at, when it last could not.
        gaps_at: When that was.
    """

    since: datetime | None = None
    last: datetime | None = None
    group: str = ""
    gaps: str = ""
    gaps_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """Everything that is remembered of one function."""

    state: LogState
    errors: tuple[Logged, ...]
    signals: tuple[Logged, ...]
    sensitive: tuple[Logged, ...]


class LogStore:
    """What is remembered of logs.

    Args:
        table: The state table.
        keep: How long a thing is remembered after it was last logged.
    """

    def __init__(self, table: Table, keep: timedelta) -> None:
        self._table = table
        self._keep = keep

    def known(self, function: FunctionArn, now: datetime) -> Known:
        """Everything that is remembered of a function, without what has expired."""
        state = LogState()
        found: dict[str, list[Logged]] = {_ERROR: [], _SIGNAL: [], _SENSITIVE: []}
        for item in self._table.query(function_key(function), "LOGS#"):
            sort = str(item["sk"])
            if sort == _STATE:
                state = _state(item)
            for prefix, those in found.items():
                if sort.startswith(prefix) and int(item["expires_at"]) > now.timestamp():
                    those.append(_logged(item))
        return Known(state, tuple(found[_ERROR]), tuple(found[_SIGNAL]), tuple(found[_SENSITIVE]))

    def functions(self) -> Iterator[tuple[FunctionArn, datetime]]:
        """The functions whose logs are read, with the time of the last delivery."""
        for item in self._table.query(_FUNCTIONS):
            yield FunctionArn.parse(str(item["sk"])), _time(item["last"])

    def was_taken_in(self, function: FunctionArn, delivery: str) -> bool:
        """Whether a delivery was taken in before; CloudWatch Logs may deliver twice."""
        return self._table.get(function_key(function), f"{_DELIVERY}{delivery}") is not None

    def took_in(self, function: FunctionArn, delivery: str, now: datetime) -> None:
        """Remember that a delivery was taken in."""
        self._table.put({
            "pk": function_key(function),
            "sk": f"{_DELIVERY}{delivery}",
            "expires_at": int((now + _ONE_DAY).timestamp()),
        })  # fmt: skip

    def delivered(
        self, function: FunctionArn, known: LogState, group: str, gaps: str, now: datetime
    ) -> None:
        """Remember that a delivery came, and what of it could not be looked at."""
        values: dict[str, Value] = {"last": now.isoformat(), "group": group}
        if gaps:
            values |= {"gaps": gaps, "gaps_at": now.isoformat()}
        elif known.last and now - known.last < _RARELY:
            return
        first = {"since": now.isoformat()}
        self._table.update(function_key(function), _STATE, values, first=first)
        expires = int((now + self._keep).timestamp())
        self._table.put({
            "pk": _FUNCTIONS, "sk": str(function), "last": now.isoformat(), "expires_at": expires,
        })  # fmt: skip

    def add_error(self, function: FunctionArn, seen: Logged) -> None:
        """Count an error, or remember a new one."""
        self._add(function, f"{_ERROR}{seen.key}", seen)

    def add_signal(self, function: FunctionArn, seen: Logged) -> None:
        """Likewise a signal."""
        self._add(function, f"{_SIGNAL}{_digest(seen.key)}", seen)

    def add_sensitive(self, function: FunctionArn, seen: Logged) -> None:
        """Likewise something sensitive."""
        self._add(function, f"{_SENSITIVE}{_digest(seen.key)}", seen)

    def _add(self, function: FunctionArn, sort: str, seen: Logged) -> None:
        for attempt in range(1, _ATTEMPTS + 1):
            item = self._table.get(function_key(function), sort)
            try:
                if item is None:
                    whole = self._item(function, sort, seen, revision=1)
                    self._table.put(whole, unless_exists=True)
                else:
                    joined = _joined(_logged(item), seen)
                    revision = int(item["revision"])
                    whole = self._item(function, sort, joined, revision=revision + 1)
                    self._table.put(whole, revision=revision)
            except ConflictError:
                if attempt == _ATTEMPTS:
                    raise
            else:
                return

    def _item(self, function: FunctionArn, sort: str, one: Logged, *, revision: int) -> Item:
        return {
            "pk": function_key(function),
            "sk": sort,
            "key": one.key,
            "count": one.count,
            "first": one.first.isoformat(),
            "last": one.last.isoformat(),
            "group": one.group,
            "stream": one.stream,
            "hour": one.hour.isoformat() if one.hour else "",
            "in_hour": one.in_hour,
            "most_in_hour": one.most_in_hour,
            "revision": revision,
            "expires_at": int((one.last + self._keep).timestamp()),
            **{f"fact_{name}": value for name, value in one.facts.items()},
        }


def _joined(old: Logged, new: Logged) -> Logged:
    """What is known of a thing after it was logged again; deliveries come in any order."""
    later = new if new.last >= old.last else old
    begins_anew = new.first - old.last >= _ONE_DAY
    hour, in_hour = old.hour, old.in_hour
    if new.hour and (hour is None or new.hour > hour):
        hour, in_hour = new.hour, new.in_hour
    elif new.hour == hour:
        in_hour += new.in_hour
    most = 0 if begins_anew else old.most_in_hour
    return Logged(
        key=old.key,
        count=old.count + new.count,
        first=min(old.first, new.first),
        last=later.last,
        group=later.group,
        stream=later.stream,
        facts=new.facts if begins_anew else old.facts,
        hour=hour,
        in_hour=in_hour,
        most_in_hour=max(most, in_hour, new.most_in_hour),
    )


def _logged(item: Item) -> Logged:
    return Logged(
        key=str(item["key"]),
        count=int(item["count"]),
        first=_time(item["first"]),
        last=_time(item["last"]),
        group=str(item.get("group", "")),
        stream=str(item.get("stream", "")),
        facts={
            name.removeprefix("fact_"): str(value)
            for name, value in item.items()
            if name.startswith("fact_")
        },
        hour=_time(item["hour"]) if item.get("hour") else None,
        in_hour=int(item.get("in_hour", 0)),
        most_in_hour=int(item.get("most_in_hour", 0)),
    )


def _state(item: Item) -> LogState:
    def time(name: str) -> datetime | None:
        return _time(item[name]) if item.get(name) else None

    return LogState(
        since=time("since"),
        last=time("last"),
        group=str(item.get("group", "")),
        gaps=str(item.get("gaps", "")),
        gaps_at=time("gaps_at"),
    )


def _time(value: Value) -> datetime:
    return datetime.fromisoformat(str(value))


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode(errors="replace")).hexdigest()[:20]
