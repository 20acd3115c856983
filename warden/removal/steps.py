"""Archive, remove, restore: the order of the steps, and when one is refused."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from functions.shared.core.arn import FunctionArn
from functions.shared.core.text import listed
from warden.removal.archive import Archive, BrokenArchiveError, Store, read_archive, write_archive
from warden.removal.description import Description
from warden.removal.ledger import Ledger, Stage
from warden.removal.restore import RefusedRestoreError, Restored

_CHANGED: Final = "it is not what its archive says any more; archive it anew"


class RefusedError(RuntimeError):
    """A step that is not taken; says why, and what to do."""


class Account(Protocol):
    """What the steps do to functions."""

    def describe(self, function: FunctionArn) -> Description | None:
        """Read a function whole; None where there is none."""

    def delete(self, function: FunctionArn) -> None:
        """Delete a function and its event source mappings; one that is gone is no error."""

    def restore(self, store: Store, archive: Archive, *, begun: bool) -> Restored:
        """Put a function back."""


@dataclass(frozen=True, slots=True)
class Way:
    """A function's way out, and back.

    Attributes:
        account: Reads, deletes and creates functions.
        store: Keeps archives.
        ledger: Knows how far it has come.
        by: Who takes the steps.
        clock: The time.
        fetch: Reads the bytes behind Lambda's links; None for the network.
    """

    account: Account
    store: Store
    ledger: Ledger
    by: str
    clock: Callable[[], datetime]
    fetch: Callable[[str], bytes] | None = None

    def archive(self, function: FunctionArn, why: str) -> Archive:
        """Write an archive, read it back, and write down that there is one.

        Raises:
            RefusedError: There is no such function, or it changed while it was read.
            BrokenArchiveError: What was kept is not what was to be kept.
        """
        description = self.account.describe(function)
        if description is None:
            raise RefusedError(f"there is no function {function.name}")
        made = write_archive(
            self.store, description, by=self.by, now=self.clock(), fetch=self.fetch
        )
        again = self.account.describe(function)
        if again is None or not made.holds(again):
            raise RefusedError("it changed while it was archived; archive it again")
        self._write(function, Stage.ARCHIVED, made.place, why)
        return made

    def remove(self, function: FunctionArn, reasons_against: Sequence[str], why: str) -> Archive:
        """Delete a function whose archive was read back just now and is still what it is.

        Args:
            function: The function.
            reasons_against: Why policy does not want it removed; with any, it is not.
            why: Why it is removed, for the record.

        Raises:
            RefusedError: There is no archive, policy is against it, or it changed since.
            BrokenArchiveError: The archive is not what was written.
        """
        entry = self.ledger.get(function)
        if entry.stage not in {Stage.ARCHIVED, Stage.REMOVING}:
            raise RefusedError(f"it is {entry.stage.value}, not archived; archive it first")
        if reasons_against:
            raise RefusedError(listed(list(reasons_against), 10))
        kept = read_archive(self.store, entry.place)
        present = self.account.describe(function)
        if present is not None:
            if not kept.holds(present):
                raise RefusedError(_CHANGED)
            self._write(function, Stage.REMOVING, entry.place, why)
            self.account.delete(function)
        elif entry.stage is Stage.ARCHIVED:
            raise RefusedError("somebody else removed it; `restore` puts it back from its archive")
        self._write(function, Stage.REMOVED, entry.place, why)
        return kept

    def restore(self, function: FunctionArn, why: str) -> tuple[Archive, Restored]:
        """Put a function back from its latest archive.

        Raises:
            RefusedError: There is no archive.
            RefusedRestoreError: A function of this name was created meanwhile.
            BrokenArchiveError: The archive is not what was written.
        """
        entry = self.ledger.get(function)
        if not entry.place:
            raise RefusedError(f"there is no archive of {function.name}")
        kept = read_archive(self.store, entry.place)
        if kept.function != function:
            raise BrokenArchiveError(f"{entry.place} is the archive of {kept.function.name}")
        # A removal that was cut off may have left the function, or a part of its triggers.
        begun = entry.stage in {Stage.RESTORING, Stage.REMOVING}
        self._write(function, Stage.RESTORING, entry.place, why)
        try:
            done = self.account.restore(self.store, kept, begun=begun)
        except RefusedRestoreError:
            self._write(function, entry.stage, entry.place, entry.why)
            raise
        self._write(function, Stage.RESTORED, entry.place, why)
        return kept, done

    def _write(self, function: FunctionArn, stage: Stage, place: str, why: str) -> None:
        self.ledger.write(function, stage, at=self.clock(), by=self.by, place=place, why=why)
