"""What the scanner remembers of a function from one look to the next."""

import hashlib
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from functions.scanner.deployers import Deployer, from_json, noted, to_json
from functions.shared.core.arn import FunctionArn
from functions.shared.events.change import ChangeKind, FunctionChange
from functions.shared.state.table import ConflictError, Item, Table, function_key

_MEMORY: Final = "SCAN"
# Every function is scanned at least weekly, so what is older than this is used no more.
_FORGET_AFTER: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Recalled:
    """What is remembered of a function.

    Attributes:
        layers: Its layers, without versions, at the first look; None where there was none.
        accounts: The foreign accounts that its policy let in then; None likewise.
        deployers: Who deployed it, as far as events told.
    """

    layers: frozenset[str] | None = None
    accounts: frozenset[str] | None = None
    deployers: tuple[Deployer, ...] = ()


class ScanMemory:
    """The scanner's memory in the state table.

    `FUNCTION#<arn>` / `SCAN` holds the layers and foreign accounts of the first look, the deployers
    and the role; `ROLE#<arn>` / `<function arn>` that a function uses a role, and since when.
    """

    def __init__(self, table: Table) -> None:
        self._table = table

    def note_deployment(self, change: FunctionChange) -> str:
        """Remember who made a change.

        Returns:
            What is thought of all deployers of the function, as a short text to compare: a
            judgement made before it changed is out of date.

        Raises:
            ConflictError: Another change of the same function was noted at once; deliver again.
        """
        pk = function_key(change.function)
        stored = str((self._table.get(pk, _MEMORY) or {}).get("deployers", ""))
        before = from_json(stored) if stored else ()
        after = noted(before, change)
        if after != before:
            self._save_deployers(pk, stored, to_json(after))
        if change.kind is ChangeKind.CREATED:
            # What it is made with, it had from the start; also where it can never be looked at.
            layers = [arn.rpartition(":")[0] for arn in change.stated.layers or ()]
            self._table.update(pk, _MEMORY, {}, first={"layers": json.dumps(sorted(layers))})
        return _standing(after)

    def recall(self, function: FunctionArn) -> Recalled:
        """What events alone told of a function, for one that cannot be read."""
        item = self._table.get(function_key(function), _MEMORY) or {}
        deployers = str(item.get("deployers", ""))
        layers, accounts = item.get("layers"), item.get("accounts")
        return Recalled(
            layers=None if layers is None else frozenset(json.loads(str(layers))),
            accounts=None if accounts is None else frozenset(json.loads(str(accounts))),
            deployers=from_json(deployers) if deployers else (),
        )

    def look(
        self,
        function: FunctionArn,
        layers: Sequence[str],
        role: str,
        now: datetime,
        *,
        accounts: Collection[str] | None = None,
    ) -> Recalled:
        """Remember a look at a function.

        Args:
            function: The function.
            layers: Its layers without their versions; kept if this is the first look.
            role: ARN of its execution role.
            now: The time of the look.
            accounts: Foreign accounts that its policy lets in; kept if this is the first look.
                None where that is not known.
        """
        pk = function_key(function)
        first = {"layers": json.dumps(sorted(layers))}
        if accounts is not None:
            first["accounts"] = json.dumps(sorted(accounts))
        item = self._table.update(pk, _MEMORY, {}, first=first, remove=["expires_at"])
        self._use_role(function, role, item, now)
        return self.recall(function)

    def users_of(self, role: str) -> tuple[FunctionArn, ...]:
        """The functions that use a role now, those that began first at the front."""
        items = [
            (str(item.get("since", "")), str(item["sk"]))
            for item in self._table.query(_role_key(role), "arn:")
            if not item.get("left")
        ]
        return tuple(FunctionArn.parse(arn) for _, arn in sorted(items))

    def forget(self, function: FunctionArn, now: datetime) -> None:
        """The function is gone: it uses no role, and a namesake starts afresh."""
        pk = function_key(function)
        item = self._table.get(pk, _MEMORY)
        if item is None:
            return
        if role := str(item.get("role", "")):
            self._leave(function, role, now)
        self._table.update(
            pk,
            _MEMORY,
            {"expires_at": int(now.timestamp())},
            remove=["accounts", "layers", "deployers", "role"],
        )

    def _save_deployers(self, pk: str, before: str, after: str) -> None:
        if before:
            self._table.update(pk, _MEMORY, {"deployers": after}, where={"deployers": before})
        elif self._table.update(pk, _MEMORY, {}, first={"deployers": after})["deployers"] != after:
            raise ConflictError("another deployment was noted at the same time")

    def _use_role(self, function: FunctionArn, role: str, item: Item, now: datetime) -> None:
        before = str(item.get("role", ""))
        if before and before != role:
            self._leave(function, before, now)
        if not role:
            return
        self._table.update(
            _role_key(role),
            str(function),
            {"left": False, "expires_at": int((now + _FORGET_AFTER).timestamp())},
            first={"since": now.isoformat()},
        )
        self._table.update(function_key(function), _MEMORY, {"role": role}, remove=["expires_at"])

    def _leave(self, function: FunctionArn, role: str, now: datetime) -> None:
        self._table.update(
            _role_key(role),
            str(function),
            {"left": True, "expires_at": int(now.timestamp())},
            remove=["since"],
        )


def _role_key(role: str) -> str:
    return f"ROLE#{role}"


def _standing(deployers: Sequence[Deployer]) -> str:
    parts = [[one.identity, one.tool, min(one.occasions, 3), one.changed_code] for one in deployers]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:8]
