"""The ledger of caps: what was intended, before it is done, and what came of it.

One item per capped function under `CAPS`, and as many `SLOT` items as actions are allowed an hour:
taking one is conditional, so that concurrent decisions cannot exceed the budget together.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from functions.shared.arn import FunctionArn
from functions.shared.state.table import ConflictError, Item, Table

_CAPS: Final = "CAPS"
_SLOTS: Final = "CAP_SLOTS"
_UNSET: Final = -1
_KEEP: Final = timedelta(days=30)


class Stage(StrEnum):
    """How far a cap has come."""

    INTENDED = "intended"
    APPLIED = "applied"
    LIFTED = "lifted"
    VOID = "void"


@dataclass(frozen=True, slots=True, kw_only=True)
class CapRecord:
    """One cap.

    Attributes:
        function: The capped function.
        cap: The reserved concurrency that Warden sets.
        previous: What was set before, None where nothing was.
        stage: How far it has come.
        until: When it must be lifted.
        reason: Why it was decided.
    """

    function: FunctionArn
    cap: int
    previous: int | None
    stage: Stage
    until: datetime
    reason: str

    @property
    def is_standing(self) -> bool:
        """Whether the function is, or may be, capped."""
        return self.stage in {Stage.INTENDED, Stage.APPLIED}


class CapLedger:
    """The caps of the estate."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def get(self, function: FunctionArn) -> CapRecord | None:
        """The latest cap of a function, None where it was never capped."""
        item = self._table.get(_CAPS, str(function))
        return _read(item) if item else None

    def standing(self) -> list[CapRecord]:
        """Every cap that is not undone."""
        records = map(_read, self._table.query(_CAPS, "arn:"))
        return [record for record in records if record.is_standing]

    def intend(self, record: CapRecord, replacing: CapRecord | None) -> None:
        """Write a cap down before it is applied.

        Raises:
            ConflictError: Somebody else decided on this function in the meantime.
        """
        item = _item(record)
        if replacing is None:
            self._table.put({"pk": _CAPS, "sk": str(record.function), **item}, unless_exists=True)
        else:
            self._table.update(
                _CAPS,
                str(record.function),
                item,
                where=_identity(replacing),
                remove=["expires_at", "changed"],
            )

    def advance(self, record: CapRecord, stage: Stage, now: datetime) -> None:
        """Write down what came of a cap; a finished one is forgotten after a month.

        Raises:
            ConflictError: Somebody else acted on this cap in the meantime.
        """
        values: dict[str, str | int | bool] = {"stage": stage.value, "changed": now.isoformat()}
        if stage in {Stage.LIFTED, Stage.VOID}:
            values["expires_at"] = int((now + _KEEP).timestamp())
        self._table.update(_CAPS, str(record.function), values, where=_identity(record))

    def take_slot(self, slots: int, now: datetime) -> bool:
        """Take one of the hour's actions; False when all of them are used up."""
        hour_ago = (now - timedelta(hours=1)).isoformat()
        for number in range(slots):
            sort_key = f"{number:04}"
            item = self._table.get(_SLOTS, sort_key)
            taken: Item = {"taken_at": now.isoformat()}
            try:
                if item is None:
                    self._table.put({"pk": _SLOTS, "sk": sort_key, **taken}, unless_exists=True)
                    return True
                if str(item["taken_at"]) <= hour_ago:
                    self._table.update(
                        _SLOTS, sort_key, taken, where={"taken_at": item["taken_at"]}
                    )
                    return True
            except ConflictError:
                continue  # somebody else was faster; the next slot may be free
        return False


def _identity(record: CapRecord) -> Item:
    return {"stage": record.stage.value, "until": record.until.isoformat()}


def _item(record: CapRecord) -> dict[str, str | int | bool]:
    return {
        "cap": record.cap,
        "previous": _UNSET if record.previous is None else record.previous,
        "stage": record.stage.value,
        "until": record.until.isoformat(),
        "reason": record.reason,
    }


def _read(item: Item) -> CapRecord:
    previous = int(item["previous"])
    return CapRecord(
        function=FunctionArn.parse(str(item["sk"])),
        cap=int(item["cap"]),
        previous=None if previous == _UNSET else previous,
        stage=Stage(str(item["stage"])),
        until=datetime.fromisoformat(str(item["until"])),
        reason=str(item["reason"]),
    )
