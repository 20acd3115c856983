"""The audit trail: who or what decided, on which evidence, what was called, what AWS answered."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from functions.shared.core.arn import FunctionArn
from functions.shared.state.table import Table, function_key

_PREFIX: Final = "AUDIT#"
_KEEP: Final = timedelta(days=400)
NOTHING: Final = "nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """One decision about one function, and what came of it.

    Attributes:
        at: When.
        decided_by: Who or what decided.
        decision: Its code.
        action: Kind of limit that it is about.
        reason: Why.
        evidence: The facts behind it.
        before: What was set before: a number, `unset` or `unknown`.
        value: What was to be set: a number, `unset` or `nothing`.
        called: The call that was made, or `nothing`.
        answered: What AWS answered.
    """

    at: datetime
    decided_by: str
    decision: str
    action: str
    reason: str
    evidence: Mapping[str, Any] = field(default_factory=dict)
    before: int | str = "unknown"
    value: int | str = NOTHING
    called: str = NOTHING
    answered: str = ""

    def as_document(self, function: FunctionArn) -> dict[str, Any]:
        """The entry as JSON exports it."""
        return {**asdict(self), "at": self.at.isoformat(), "function": str(function)}


class AuditTrail:
    """The entries of all functions."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def add(self, function: FunctionArn, entry: AuditEntry) -> None:
        """Append an entry; nothing ever changes one.

        Raises:
            ClientError: It cannot be written.
        """
        document = json.dumps(entry.as_document(function), ensure_ascii=False, default=str)
        self._table.put(
            {
                "pk": _key(function),
                "sk": f"{_PREFIX}{entry.at.isoformat()}#{secrets.token_hex(4)}",
                "entry": document,
                "expires_at": int((entry.at + _KEEP).timestamp()),
            },
            unless_exists=True,
        )

    def of(self, function: FunctionArn) -> list[dict[str, Any]]:
        """A function's entries, the oldest first; those of Warden's first versions, too."""
        items = [
            *self._table.query(function_key(function), _PREFIX),
            *self._table.query(_key(function), _PREFIX),
        ]
        return [json.loads(str(item["entry"])) for item in items]


def _key(function: FunctionArn) -> str:
    """A partition of its own: no other part may write there."""
    return f"AUDIT#{function}"


def shown(value: int | None) -> int | str:
    """A reserved concurrency as entries spell it."""
    return "unset" if value is None else value


def answer(metadata: Mapping[str, Any]) -> str:
    """What AWS answered to a call that succeeded."""
    return f"{metadata.get('HTTPStatusCode', '?')} (request {metadata.get('RequestId', '?')})"
