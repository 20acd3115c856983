"""Writing the ledger: what is intended, before it is done, and what came of it.

Every write carries the version that it relies on, so that two decisions on one function cannot
both act. The actions of an hour are a fixed set of items, each taken by a conditional write.
"""

from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from functions.shared.core.arn import FunctionArn
from functions.shared.guarding.enforcement import Enforcement, Enforcements, as_item
from functions.shared.state.table import ConflictError, Item, Table

LEASE: Final = timedelta(seconds=150)
"""Longer than the guard's function may run: whoever holds an older lease is dead."""

_SLOTS: Final = "CAP_SLOTS"
_KEEP: Final = timedelta(days=30)
# What a person decided is remembered for as long as the audit trail.
_KEEP_DECLINED: Final = timedelta(days=400)


class Ledger(Enforcements):
    """The enforcements of the estate, for reading and writing."""

    def __init__(self, table: Table) -> None:
        super().__init__(table)
        self._items = table

    def intend(self, record: Enforcement, *, replacing: Enforcement | None) -> Enforcement:
        """Write an enforcement down before it is carried out.

        Raises:
            ConflictError: Somebody else decided on this function in the meantime.
        """
        if replacing is None:
            written = replace(record, version=1)
            key = {"pk": record.book, "sk": str(record.function)}
            self._items.put({**key, **as_item(written)}, unless_exists=True)
            return written
        return self._write(replacing, replace(record, version=replacing.version + 1))

    def advance(self, record: Enforcement, **changes: Any) -> Enforcement:
        """Write down what came of an enforcement; a finished one is forgotten after a month.

        One that a person ended, or whose reasons a person declined before, is kept for longer.

        Raises:
            ConflictError: Somebody else acted on it in the meantime.
        """
        return self._write(record, replace(record, version=record.version + 1, **changes))

    def _write(self, before: Enforcement, after: Enforcement) -> Enforcement:
        values = as_item(after)
        remove = ["expires_at"]
        if not after.is_standing:
            finished = after.held_until or after.stepped_at or after.since
            keep = _KEEP_DECLINED if after.declined else _KEEP
            values["expires_at"] = int((max(finished, after.since) + keep).timestamp())
            remove = []
        self._items.update(
            after.book, str(after.function), values, where=_lock(before), remove=remove
        )
        return after

    def slots_left(self, slots: int, now: datetime) -> int:
        """How many of the hour's actions are left."""
        hour_ago = (now - timedelta(hours=1)).isoformat()
        taken = [str(item["taken_at"]) > hour_ago for item in self._items.query(_SLOTS, "0")]
        return max(0, slots - sum(taken))

    def take_slot(self, slots: int, function: FunctionArn, now: datetime) -> bool:
        """Take one of the hour's actions; False when all of them are used up."""
        hour_ago = (now - timedelta(hours=1)).isoformat()
        known = {str(item["sk"]): item for item in self._items.query(_SLOTS, "0")}
        for number in range(slots):  # at most 1000, so that every key begins with 0
            sort_key = f"{number:04}"
            item = known.get(sort_key)
            taken: Item = {"taken_at": now.isoformat(), "taken_for": str(function)}
            try:
                if item is None:
                    self._items.put({"pk": _SLOTS, "sk": sort_key, **taken}, unless_exists=True)
                    return True
                if str(item["taken_at"]) <= hour_ago:
                    self._items.update(
                        _SLOTS, sort_key, taken, where={"taken_at": item["taken_at"]}
                    )
                    return True
            except ConflictError:
                continue  # somebody else was faster; the next slot may be free
        return False

    def give_back_slot(self, record: Enforcement) -> None:
        """Nothing was done after all: give the action back that was taken for an intention."""
        if record.stepped_at is None:
            return
        mine = {"taken_at": record.stepped_at.isoformat(), "taken_for": str(record.function)}
        for item in self._items.query(_SLOTS, "0"):
            if all(item.get(key) == value for key, value in mine.items()):
                with suppress(ConflictError):  # another decision has it by now
                    self._items.update(
                        _SLOTS, str(item["sk"]), {"taken_at": "", "taken_for": ""}, where=mine
                    )
                return


def _lock(before: Enforcement) -> Item:
    if before.version:
        return {"version": before.version}
    # An item of Warden's first version, which had no counter.
    until = before.until.isoformat() if before.until else ""
    return {"stage": before.stage.value, "until": until}
