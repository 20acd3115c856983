"""What the scanner remembers of a function from one look to the next."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from functions.scanner.deployers import Deployer, from_json, noted, to_json
from functions.shared.core.arn import FunctionArn
from functions.shared.events.change import FunctionChange
from functions.shared.state.table import ConflictError, Item, Table, function_key

_MEMORY: Final = "SCAN"
# Every function is scanned at least weekly, so what is older than this is used no more.
_FORGET_AFTER: Final = timedelta(days=30)


class ScanMemory:
    """The scanner's memory in the state table.

    `FUNCTION#<arn>` / `SCAN` holds the layers of the first look, the deployers and the role;
    `ROLE#<arn>` / `<function arn>` that a function uses a role, and since when.
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
        return _standing(after)

    def look(
        self, function: FunctionArn, layers: Sequence[str], role: str, now: datetime
    ) -> tuple[frozenset[str], tuple[Deployer, ...]]:
        """Remember a look at a function.

        Args:
            function: The function.
            layers: Its layers without their versions; kept if this is the first look.
            role: ARN of its execution role.
            now: The time of the look.

        Returns:
            The layers at the first look, and the deployers.
        """
        pk = function_key(function)
        first = {"layers": json.dumps(sorted(layers))}
        item = self._table.update(pk, _MEMORY, {}, first=first, remove=["expires_at"])
        self._use_role(function, role, item, now)
        deployers = str(item.get("deployers", ""))
        known = frozenset(json.loads(str(item["layers"])))
        return known, from_json(deployers) if deployers else ()

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
            remove=["layers", "deployers", "role"],
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
    parts = [[one.identity, one.tool, one.occasions > 1] for one in deployers]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:8]
