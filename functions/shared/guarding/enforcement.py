"""What the guard did to a function: the ledger's items, and reading them.

One item per limited function under `CAPS` (temporary: a cap or a quarantine) and under `LIMITS`
(lasting: a standing limit). Only the guard writes them; everybody may read here whether a
function's throttles are the guard's doing.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from functions.shared.core.arn import FunctionArn
from functions.shared.state.table import Item, Table

TEMPORARY: Final = "CAPS"
LASTING: Final = "LIMITS"
_UNSET: Final = -1


class Action(StrEnum):
    """What was done to a function."""

    CAP = "cap"
    QUARANTINE = "quarantine"
    STANDING = "standing limit"


class Stage(StrEnum):
    """How far an enforcement has come."""

    INTENDED = "intended"
    APPLIED = "applied"
    LIFTING = "lifting"
    LIFTED = "lifted"
    VOID = "void"


_STANDING: Final = frozenset({Stage.INTENDED, Stage.APPLIED, Stage.LIFTING})


@dataclass(frozen=True, slots=True, kw_only=True)
class Enforcement:
    """One limit that the guard put on a function's reserved concurrency.

    Attributes:
        function: The function.
        action: Which kind of limit.
        value: The reserved concurrency that the guard sets.
        previous: What was set before, None where nothing was.
        stage: How far it has come.
        since: When it was first intended.
        until: When it is lifted whatever happens, None for a standing limit.
        reason: Why it was decided.
        decided_by: Who or what decided.
        superseded: The guard's own earlier value while a step to `value` is under way.
        step: How often it was tightened.
        stepped_at: When its value was last set.
        lease_until: Until then somebody acts on it, and nobody else may.
        held_until: A person took the function back; until then it is left alone.
        occasions: What exactly it was stopped for: an expiry date, flaws.
        declined: Occasions, of earlier enforcements too, that a person let the function run on in
            spite of.
        evidence: The facts behind the decision.
        version: Counts the writes; an optimistic lock.
    """

    function: FunctionArn
    action: Action
    value: int
    previous: int | None
    stage: Stage
    since: datetime
    until: datetime | None
    reason: str
    decided_by: str
    superseded: int | None = None
    step: int = 0
    stepped_at: datetime | None = None
    lease_until: datetime | None = None
    held_until: datetime | None = None
    occasions: tuple[str, ...] = ()
    declined: tuple[str, ...] = ()
    evidence: Mapping[str, Any] = field(default_factory=dict)
    version: int = 0

    @property
    def is_standing(self) -> bool:
        """Whether the function is, or may be, limited by it."""
        return self.stage in _STANDING

    @property
    def book(self) -> str:
        """The partition that it is kept under."""
        return LASTING if self.action is Action.STANDING else TEMPORARY

    def is_ours(self, reserved: int | None) -> bool:
        """Whether a reserved concurrency is one that this enforcement set, or may have set."""
        return reserved is not None and reserved in {self.value, self.superseded}

    def is_leased(self, now: datetime) -> bool:
        """Whether somebody may be acting on it at this moment."""
        return self.lease_until is not None and now < self.lease_until

    def taken_back(self, until: datetime) -> dict[str, Any]:
        """What changes when a person takes the function back: what it was stopped for is settled.

        Args:
            until: How long the function is left alone, whatever else happens.
        """
        declined = dict.fromkeys((*self.declined, *self.occasions))
        return {"held_until": until, "declined": tuple(declined)}

    def is_due(self, now: datetime) -> bool:
        """Whether its time is over."""
        return self.until is not None and self.until <= now


def owed(standing: Iterable[Enforcement], *, but: FunctionArn | None = None) -> int:
    """Concurrency that must stay free, because restoring what stands will need it.

    Args:
        standing: The temporary limits that stand.
        but: A function whose own limit does not count.
    """
    return sum(
        max(0, (record.previous or 0) - record.value)
        for record in standing
        if record.function != but
    )


class Enforcements:
    """The enforcements of the estate, for reading."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def get(self, function: FunctionArn, book: str = TEMPORARY) -> Enforcement | None:
        """The latest enforcement of a function in a book, lifted or not; None without any."""
        item = self._table.get(book, str(function))
        return read_item(item) if item else None

    def in_force(self, function: FunctionArn) -> Enforcement | None:
        """The temporary limit that stands on a function: its throttles since are the guard's."""
        record = self.get(function)
        return record if record and record.is_standing else None

    def standing(self, book: str = TEMPORARY) -> list[Enforcement]:
        """Every enforcement of a book that is not undone."""
        records = map(read_item, self._table.query(book, "arn:"))
        return [record for record in records if record.is_standing]


def as_item(record: Enforcement) -> dict[str, str | int | bool]:
    """The attributes of a record; absent ones are empty texts, because items hold no nothing."""
    return {
        "action": record.action.value,
        "cap": record.value,
        "previous": _number(record.previous),
        "stage": record.stage.value,
        "since": record.since.isoformat(),
        "until": _text(record.until),
        "reason": record.reason,
        "decided_by": record.decided_by,
        "superseded": _number(record.superseded),
        "step": record.step,
        "stepped_at": _text(record.stepped_at),
        "lease_until": _text(record.lease_until),
        "held_until": _text(record.held_until),
        "occasions": json.dumps(record.occasions, ensure_ascii=False),
        "declined": json.dumps(record.declined, ensure_ascii=False),
        "evidence": json.dumps(dict(record.evidence), ensure_ascii=False, default=str),
        "version": record.version,
    }


def read_item(item: Item) -> Enforcement:
    """Read what `as_item` wrote, and the shorter items of Warden's first version."""
    until = _time(item.get("until"))
    since = _time(item.get("since")) or until
    if since is None:
        raise ValueError(f"{item['sk']}: an enforcement without a time")
    return Enforcement(
        function=FunctionArn.parse(str(item["sk"])),
        action=Action(str(item.get("action", Action.CAP))),
        value=int(item["cap"]),
        previous=_count(item["previous"]),
        stage=Stage(str(item["stage"])),
        since=since,
        until=until,
        reason=str(item["reason"]),
        decided_by=str(item.get("decided_by", "anomaly-detector")),
        superseded=_count(item.get("superseded", _UNSET)),
        step=int(item.get("step", 0)),
        stepped_at=_time(item.get("stepped_at")),
        lease_until=_time(item.get("lease_until")),
        held_until=_time(item.get("held_until")),
        occasions=tuple(json.loads(str(item.get("occasions", "[]")))),
        declined=tuple(json.loads(str(item.get("declined", "[]")))),
        evidence=json.loads(str(item.get("evidence", "{}"))),
        version=int(item.get("version", 0)),
    )


def _number(value: int | None) -> int:
    return _UNSET if value is None else value


def _count(value: object) -> int | None:
    number = int(str(value))
    return None if number == _UNSET else number


def _text(value: datetime | None) -> str:
    return value.isoformat() if value else ""


def _time(value: object) -> datetime | None:
    return datetime.fromisoformat(str(value)) if value else None
