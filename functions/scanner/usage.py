"""Which functions use a thing: the way from an inventory or a repository back to its functions."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from functions.shared.core.arn import FunctionArn
from functions.shared.state.table import Table

# Every function is scanned at least weekly, so what is older than this is used no more.
_FORGET_AFTER: Final = timedelta(days=30)


class Usage:
    """Uses of one kind of thing, under `<KIND>#<name>` in the state table."""

    def __init__(self, table: Table, kind: str) -> None:
        self._table = table
        self._kind = kind

    def remember(self, function: FunctionArn, names: Iterable[str], now: datetime) -> None:
        """Remember that a function uses these things."""
        expires = int((now + _FORGET_AFTER).timestamp())
        for name in names:
            self._table.put({"pk": self._key(name), "sk": str(function), "expires_at": expires})

    def functions(self, name: str) -> list[FunctionArn]:
        """The functions that used a thing lately."""
        items = self._table.query(self._key(name), "arn:")
        return [FunctionArn.parse(str(item["sk"])) for item in items]

    def _key(self, name: str) -> str:
        return f"{self._kind}#{name}"


def artifacts(table: Table) -> Usage:
    """Code and layers, by their digests as `Contents.digests` spells them."""
    return Usage(table, "ARTIFACT")


def sources(table: Table) -> Usage:
    """Repositories, by the names that functions give as their source."""
    return Usage(table, "SOURCE")
