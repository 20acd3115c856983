"""Reads one artefact: its archive, the archives inside it, every kind of evidence in each."""

from collections.abc import Iterator
from typing import BinaryIO, Final

from functions.scanner.inventory.archive import Archive
from functions.scanner.inventory.directory import DirectoryError, Entry
from functions.scanner.inventory.limits import DEFAULT, Budget, Limits, WorkLimitError
from functions.scanner.inventory.problems import ProblemLog
from functions.scanner.inventory.readers.registry import READERS, Reader
from functions.shared.core.packages import Inventory, Package

_NESTED: Final = (
    ".zip", ".whl", ".egg", ".jar", ".war", ".ear", ".pex", ".pyz", ".nupkg", ".aar",
)  # fmt: skip
_ZIP: Final = b"PK\x03\x04"
_LONGEST_NAME: Final = 500
_UNFORESEEN: Final = (
    ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError,
)  # fmt: skip


def read_artifact(file: BinaryIO, *, label: str = "", limits: Limits = DEFAULT) -> Inventory:
    """What is inside a deployment package or layer, read in place and never extracted.

    Hostile or damaged archives do not raise: what can be read honestly is returned together with
    a `Problem` for everything that cannot. Errors of `file` itself (a broken connection) do.

    Args:
        file: The zip archive as a seekable binary file, local or over HTTP (`RangedFile`).
        label: Put before every path, for example a layer's name; empty for the function's own.
        limits: How much work the artefact may cause.
    """
    reading = _Reading(limits)
    place = label or "the archive"
    try:
        reading.read(file, prefix=f"{label}!/" if label else "", depth=0)
    except DirectoryError as error:
        reading.log.add("zip-unreadable", place, str(error))
    except WorkLimitError as error:
        reading.log.add("work-limit", place, str(error))
    inventory = Inventory(tuple(reading.packages), reading.log.problems())
    if not any(package.evidence == "sbom" for package in inventory.packages):
        return inventory
    # Only here: the few artefacts with an SBOM need it.
    from functions.scanner.bundles.inside import settled_by_sbom, without_repeats  # noqa: PLC0415

    return without_repeats(settled_by_sbom(inventory))


def _nested(archive: Archive) -> Iterator[Entry]:
    """The archives inside: by their names anywhere, by their content outside installed packages."""
    for extension in _NESTED:
        for entry in archive.with_extension(extension):
            if not archive.is_test_data(entry.name.rpartition("/")[0]):
                yield entry
    for entry, head in archive.own_heads:
        if head.startswith(_ZIP) and not entry.name.lower().endswith(_NESTED):
            yield entry


def _is_sound(package: Package) -> bool:
    """Whether its name and version can be stored, shown and looked up: short, and printable."""
    return (
        0 < len(package.name) <= _LONGEST_NAME
        and len(package.version) <= _LONGEST_NAME
        and package.name.isprintable()
        and package.version.isprintable()
    )


class _Reading:
    """One artefact being read: the work left and what was found so far."""

    def __init__(self, limits: Limits) -> None:
        self.budget = Budget(limits)
        self.log = ProblemLog()
        self.packages: dict[Package, None] = {}

    def read(self, file: BinaryIO, *, prefix: str, depth: int) -> None:
        """Apply every reader to the archive in `file`, then to the archives inside it.

        Raises:
            DirectoryError: There is no archive that can be listed.
            WorkLimitError: The artefact asks for more than its limits.
        """
        archive = Archive(file, prefix=prefix, budget=self.budget, log=self.log)
        for reader in READERS:
            self._apply(reader, archive)
        for entry in _nested(archive):
            self._read_nested(archive, entry, depth + 1)

    def _apply(self, reader: Reader, archive: Archive) -> None:
        """One reader's packages; its failure on contents nobody foresaw becomes a problem."""
        try:
            for package in reader(archive):
                if not _is_sound(package):
                    archive.log.add("metadata-malformed", package.path, package.name)
                    continue
                self.packages[package] = None
                if len(self.packages) >= self.budget.limits.packages:
                    raise WorkLimitError(f"more than {self.budget.limits.packages} packages")
        except _UNFORESEEN as error:
            place = f"{archive.prefix}{reader.__name__}"
            self.log.add("reader-failed", place, type(error).__name__)

    def _read_nested(self, archive: Archive, entry: Entry, depth: int) -> None:
        if depth > self.budget.limits.depth:
            archive.report("archive-depth", entry)
            return
        self.budget.spend_archive()
        nested = archive.open(entry)
        if nested is None:
            return
        try:
            self.read(nested, prefix=f"{archive.place(entry)}!/", depth=depth)
        except DirectoryError as error:
            archive.report("zip-unreadable", entry, str(error))
