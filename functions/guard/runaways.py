"""The runaways that were confirmed lately, and what was decided about each."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from functions.shared.core.arn import FunctionArn
from functions.shared.guarding.requests import Runaway
from functions.shared.state.table import Item, Table

_KEY: Final = "RUNAWAYS"
_KEEP: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class RunawayMemory:
    """One function's latest runaway.

    Attributes:
        function: The function.
        confirmed_at: When it was last confirmed.
        decision: What was last decided about it; empty while nothing is.
        is_open: Whether it is not known to be over.
        first_at: When it was confirmed first.
        at_once: Executions at once beyond its usual peak.
        usd_an_hour: What it costs beyond the usual; 0 where that is not known.
    """

    function: FunctionArn
    confirmed_at: datetime
    decision: str
    is_open: bool
    first_at: datetime
    at_once: float = 0.0
    usd_an_hour: float = 0.0


class Runaways:
    """The runaways of the estate."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def get(self, function: FunctionArn) -> RunawayMemory | None:
        """A function's latest runaway; None without any."""
        item = self._table.get(_KEY, str(function))
        return _read(item) if item else None

    def open(self) -> Iterator[RunawayMemory]:
        """Every runaway that is not known to be over."""
        return (one for one in map(_read, self._table.query(_KEY, "arn:")) if one.is_open)

    def claim(self, function: FunctionArn, runaway: Runaway, now: datetime) -> RunawayMemory:
        """Remember how bad a runaway is, before anything is decided: others compare with it."""
        before = self.get(function)
        known = before if before and before.is_open else None
        claimed = RunawayMemory(
            function=function,
            confirmed_at=now,
            decision=known.decision if known else "",
            is_open=True,
            first_at=known.first_at if known else now,
            at_once=max(0.0, runaway.concurrency - runaway.usual_peak),
            usd_an_hour=runaway.usd_an_hour,
        )
        self._set(
            function,
            confirmed_at=now.isoformat(),
            decision=claimed.decision,
            is_open=True,
            first_at=claimed.first_at.isoformat(),
            at_once=str(claimed.at_once),
            usd_an_hour=str(claimed.usd_an_hour),
        )
        return claimed

    def decided(self, function: FunctionArn, decision: str, now: datetime) -> None:
        """Remember what was decided about a runaway that was confirmed."""
        self._set(function, confirmed_at=now.isoformat(), decision=decision, is_open=True)

    def close(self, function: FunctionArn) -> None:
        """Remember that it is over."""
        self._set(function, is_open=False)

    def _set(self, function: FunctionArn, **values: str | bool) -> None:
        at = values.get("confirmed_at")
        expiry = (
            {"expires_at": int((datetime.fromisoformat(str(at)) + _KEEP).timestamp())} if at else {}
        )
        self._table.update(_KEY, str(function), {**values, **expiry})


def _read(item: Item) -> RunawayMemory:
    confirmed_at = datetime.fromisoformat(str(item["confirmed_at"]))
    first_at = item.get("first_at")
    return RunawayMemory(
        function=FunctionArn.parse(str(item["sk"])),
        confirmed_at=confirmed_at,
        decision=str(item.get("decision", "")),
        is_open=item.get("is_open") is True,
        first_at=datetime.fromisoformat(str(first_at)) if first_at else confirmed_at,
        at_once=float(str(item.get("at_once", 0))),
        usd_an_hour=float(str(item.get("usd_an_hour", 0))),
    )
