"""The state table in memory, for tests and models: the same conditions, none of the time."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from functions.shared.aws.clients import ClientError
from functions.shared.state.table import ConflictError, Item, Value

_LARGEST_ITEM: Final = 400 * 1024  # bytes, names included; DynamoDB's own limit


class MemoryTable:
    """A table of this process. See `Table` for what the methods mean.

    Attributes:
        rows: The items, by partition and sort key.
        watched: Called with the name of each operation before it, and after each that writes.
    """

    def __init__(self, watched: Callable[[str], None] = lambda _: None) -> None:
        self.rows: dict[str, dict[str, dict[str, Value]]] = {}
        self.watched = watched

    def get(self, pk: str, sk: str) -> Item | None:
        """See `Table.get`."""
        self.watched("GetItem")
        item = self.rows.get(pk, {}).get(sk)
        return dict(item) if item else None

    def get_many(
        self,
        keys: Sequence[tuple[str, str]],
        *,
        consistent: bool = False,  # noqa: ARG002 - this table is never behind
    ) -> Iterator[Item]:
        """See `Table.get_many`."""
        self.watched("BatchGetItem")
        found = (self.rows.get(pk, {}).get(sk) for pk, sk in keys)
        return iter([dict(item) for item in found if item])

    def query(self, pk: str, prefix: str = "") -> Iterator[Item]:
        """See `Table.query`."""
        self.watched("Query")
        rows = self.rows.get(pk, {})
        return iter([dict(rows[sk]) for sk in sorted(rows, key=_bytes) if sk.startswith(prefix)])

    def due(self, agenda: str, until: int) -> Iterator[tuple[str, str]]:
        """See `Table.due`."""
        self.watched("Query")
        found = [
            (int(item["due"]), pk, sk)
            for pk, rows in self.rows.items()
            for sk, item in rows.items()
            if item.get("agenda") == agenda and "due" in item and int(item["due"]) <= until
        ]
        return iter([(pk, sk) for _, pk, sk in sorted(found)])

    def put(self, item: Item, *, unless_exists: bool = False, revision: int | None = None) -> None:
        """See `Table.put`."""
        self.watched("PutItem")
        there = self.rows.get(str(item["pk"]), {}).get(str(item["sk"]))
        if (unless_exists and there is not None) or (
            revision is not None and (there is None or not _same(there.get("revision"), revision))
        ):
            raise ConflictError("the item changed since it was read")
        self._keep(item)
        self.watched("PutItem done")

    def put_together(self, items: Sequence[Item]) -> None:
        """See `Table.put_together`."""
        self.watched("TransactWriteItems")
        if any(str(one["sk"]) in self.rows.get(str(one["pk"]), {}) for one in items):
            raise ConflictError("the item changed since it was read")
        for item in items:
            self._keep(item)
        self.watched("TransactWriteItems done")

    def update(
        self,
        pk: str,
        sk: str,
        values: Item,
        *,
        first: Item | None = None,
        where: Item | None = None,
        remove: Sequence[str] = (),
    ) -> Item:
        """See `Table.update`."""
        self.watched("UpdateItem")
        there = self.rows.get(pk, {}).get(sk, {})
        if any(not _same(there.get(name), value) for name, value in (where or {}).items()):
            raise ConflictError("the item changed since it was read")
        item = {**(first or {}), **there, "pk": pk, "sk": sk, **values}
        self._keep({name: value for name, value in item.items() if name not in remove})
        self.watched("UpdateItem done")
        return dict(self.rows[pk][sk])

    def add(self, pk: str, sk: str, name: str, by: int, *, first: Item) -> None:
        """See `Table.add`."""
        self.watched("UpdateItem")
        there = self.rows.get(pk, {}).get(sk, {})
        self._keep({**first, **there, "pk": pk, "sk": sk, name: int(there.get(name, 0)) + by})
        self.watched("UpdateItem done")

    def delete(self, pk: str, sk: str) -> None:
        """See `Table.delete`."""
        self.watched("DeleteItem")
        self.rows.get(pk, {}).pop(sk, None)
        self.watched("DeleteItem done")

    def _keep(self, item: Item) -> None:
        kept = {name: _plain(value) for name, value in item.items()}
        if sum(len(_bytes(name)) + _size(value) for name, value in kept.items()) > _LARGEST_ITEM:
            message = "Item size has exceeded the maximum allowed size"
            raise ClientError(
                {"Error": {"Code": "ValidationException", "Message": message}}, "PutItem"
            )
        self.rows.setdefault(str(kept["pk"]), {})[str(kept["sk"])] = kept


def _plain(value: Value) -> Value:
    """What DynamoDB would give back: members of enumerations come back as what they stand for.

    Raises:
        TypeError: It is none of what the table holds.
    """
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, str):
        return str.__str__(value)
    raise TypeError(f"the state table holds text, whole numbers and flags, not {value!r}")


def _same(there: Value | None, wanted: Value) -> bool:
    return isinstance(there, bool) == isinstance(wanted, bool) and there == wanted


def _size(value: Value) -> int:
    return len(_bytes(value)) if isinstance(value, str) else 1 if isinstance(value, bool) else 8


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
