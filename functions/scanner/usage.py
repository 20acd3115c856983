"""Which functions run which artefact: the way from an inventory back to its functions."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from functions.shared.arn import FunctionArn
from functions.shared.state.table import Table

# Every function is scanned at least weekly, so what is older than this is used no more.
_FORGET_AFTER: Final = timedelta(days=30)


class ArtifactUsage:
    """Uses of artefacts, under `ARTIFACT#<digest>` in the state table."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def remember(self, function: FunctionArn, digests: Iterable[str], now: datetime) -> None:
        """Remember that a function runs these artefacts."""
        expires = int((now + _FORGET_AFTER).timestamp())
        for digest in digests:
            item: dict[str, str | int | bool] = {"pk": f"ARTIFACT#{digest}", "sk": str(function)}
            self._table.put({**item, "expires_at": expires})

    def functions(self, digest: str) -> list[FunctionArn]:
        """The functions that ran an artefact lately."""
        items = self._table.query(f"ARTIFACT#{digest}", "arn:")
        return [FunctionArn.parse(str(item["sk"])) for item in items]
