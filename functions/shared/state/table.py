"""What the state table does: flat items of text, whole numbers and flags, with optimistic locks.

Keys: `pk` names what an item belongs to (`FUNCTION#<arn>`), `sk` what it is (`RECORD`,
`ALERT#<scope>#<fingerprint>`); docs/architecture.md lists them. `expires_at` is the table's TTL.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, Protocol, TypeAlias

from functions.shared.core.arn import FunctionArn

Value: TypeAlias = str | int | bool
Item: TypeAlias = Mapping[str, Value]

AGENDA_INDEX: Final = "agenda"
"""Name of the index by `agenda` and `due`, which holds the items that have both."""


class ConflictError(RuntimeError):
    """Somebody else changed the item since it was read; read it again and decide anew."""


class Table(Protocol):
    """Typed access to the state table; every write can carry the condition it relies on.

    `DynamoTable` is the deployed one; `MemoryTable` is for tests and models. A test holds them to
    the same answers.
    """

    def get(self, pk: str, sk: str) -> Item | None:
        """One item, read consistently; None where there is none."""

    def get_many(
        self, keys: Sequence[tuple[str, str]], *, consistent: bool = False
    ) -> Iterator[Item]:
        """The items that exist among `keys`, in no order; what AWS leaves over is asked again."""

    def query(self, pk: str, prefix: str = "") -> Iterator[Item]:
        """All items of `pk` whose `sk` starts with `prefix`, in order, read consistently."""

    def due(self, agenda: str, until: int) -> Iterator[tuple[str, str]]:
        """Keys of the items on an agenda that are due at a time, the longest due first.

        The index behind it follows the table within moments; read the items themselves.

        Args:
            agenda: Which agenda: the `agenda` of its items.
            until: The time, in seconds since 1970; items due then are included.
        """

    def put(self, item: Item, *, unless_exists: bool = False, revision: int | None = None) -> None:
        """Write a whole item.

        Args:
            item: Must hold `pk` and `sk`.
            unless_exists: Write only where no such item stands.
            revision: Write only over an item with this `revision`.

        Raises:
            ConflictError: The condition does not hold.
        """

    def put_together(self, items: Sequence[Item]) -> None:
        """Write new items, all of them or none.

        Args:
            items: At most 100, as one transaction takes.

        Raises:
            ConflictError: One of them stands there already.
        """

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

        Args:
            pk: Partition key.
            sk: Sort key.
            values: Attributes to set.
            first: Attributes to set only where they are not set yet.
            where: Attributes that must have these values for the update to happen.
            remove: Attributes to take away.

        Returns:
            The whole item afterwards.

        Raises:
            ConflictError: `where` does not hold.
        """

    def add(self, pk: str, sk: str, name: str, by: int, *, first: Item) -> None:
        """Add to a number of an item, whoever else does at the same time.

        Args:
            pk: Partition key.
            sk: Sort key.
            name: The attribute; one that is not there counts as zero.
            by: How much to add.
            first: Attributes to set only where they are not set yet.
        """

    def delete(self, pk: str, sk: str) -> None:
        """Take an item away; one that is not there is no error."""


def function_key(function: FunctionArn) -> str:
    """The partition key under which everything about a function is kept."""
    return f"FUNCTION#{function}"
