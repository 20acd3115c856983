"""The runaways that were confirmed lately, and what was decided about each."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from functions.shared.core.arn import FunctionArn
from functions.shared.state.table import Item, Table

_KEY: Final = "RUNAWAYS"
_KEEP: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class RunawayMemory:
    """One function's latest runaway.

    Attributes:
        function: The function.
        confirmed_at: When it was last confirmed.
        decision: What was last decided about it.
        is_open: Whether it is not known to be over.
    """

    function: FunctionArn
    confirmed_at: datetime
    decision: str
    is_open: bool


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

    def confirm(self, function: FunctionArn, decision: str, now: datetime) -> None:
        """Remember that a runaway was confirmed, and what was decided."""
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
    return RunawayMemory(
        function=FunctionArn.parse(str(item["sk"])),
        confirmed_at=datetime.fromisoformat(str(item["confirmed_at"])),
        decision=str(item.get("decision", "")),
        is_open=item.get("is_open") is True,
    )
