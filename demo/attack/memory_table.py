"""The state table in memory: the same conditions, none of the time."""

from collections.abc import Callable, Iterator, Sequence

from functions.shared.state.table import ConflictError, Item, Table


class MemoryTable(Table):
    """A table of this process.

    Attributes:
        items: Every item by its key.
        watched: Called with the name of each operation before and after it.
    """

    def __init__(self, watched: Callable[[str], None] = lambda _: None) -> None:  # no client
        self.items: dict[tuple[str, str], dict[str, str | int | bool]] = {}
        self.watched = watched

    def get(self, pk: str, sk: str) -> Item | None:
        """One item; None where there is none."""
        self.watched("GetItem")
        item = self.items.get((pk, sk))
        return dict(item) if item is not None else None

    def get_many(
        self,
        keys: Sequence[tuple[str, str]],
        *,
        consistent: bool = False,  # noqa: ARG002 - this table is never behind
    ) -> Iterator[Item]:
        """The items that exist among `keys`, always as they are."""
        self.watched("BatchGetItem")
        return iter([dict(self.items[key]) for key in keys if key in self.items])

    def query(self, pk: str, prefix: str = "") -> Iterator[Item]:
        """All items of `pk` whose `sk` starts with `prefix`, in order."""
        self.watched("Query")
        keys = sorted(key for key in self.items if key[0] == pk and key[1].startswith(prefix))
        return iter([dict(self.items[key]) for key in keys])

    def put(self, item: Item, *, unless_exists: bool = False, revision: int | None = None) -> None:
        """Write a whole item.

        Raises:
            ConflictError: The condition does not hold.
        """
        self.watched("PutItem")
        key = (str(item["pk"]), str(item["sk"]))
        there = self.items.get(key)
        if (unless_exists and there is not None) or (
            revision is not None and (there is None or there.get("revision") != revision)
        ):
            raise ConflictError("the item changed since it was read")
        self.items[key] = dict(item)
        self.watched("PutItem done")

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
        """Set some attributes of an item, creating it where it does not exist.

        Raises:
            ConflictError: `where` does not hold.
        """
        self.watched("UpdateItem")
        there = self.items.get((pk, sk), {})
        if any(there.get(name) != value for name, value in (where or {}).items()):
            raise ConflictError("the item changed since it was read")
        item = {**(first or {}), **there, "pk": pk, "sk": sk, **values}
        self.items[pk, sk] = {name: value for name, value in item.items() if name not in remove}
        self.watched("UpdateItem done")
        return dict(self.items[pk, sk])
