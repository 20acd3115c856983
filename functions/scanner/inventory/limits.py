"""How much work one artefact may cause, so that a hostile one cannot stall or exhaust us."""

from dataclasses import dataclass
from typing import Final

_MIB: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds for reading one artefact, nested archives included.

    Attributes:
        directory_bytes: Largest zip central directory that is parsed.
        entries: Most archive members listed, over all nested archives.
        metadata_bytes: Largest single metadata file that is read.
        script_bytes: Largest JavaScript file or source map that is looked into.
        whole_bytes: Nested archives up to this size are held in memory, larger ones are streamed.
        inflated_bytes: Total bytes decompressed, over all nested archives.
        reads: Most metadata files read, over all nested archives.
        packages: Most packages reported.
        archives: Most nested archives opened.
        depth: How many archives deep the reading goes; 0 is the artefact itself.
        artefact_bytes: Declared unpacked size above which an archive is called a bomb. Lambda
            itself refuses more than 250 MB unpacked, layers included
            (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html).
    """

    directory_bytes: int = 48 * _MIB
    entries: int = 250_000
    metadata_bytes: int = 4 * _MIB
    script_bytes: int = 16 * _MIB
    whole_bytes: int = 16 * _MIB
    inflated_bytes: int = 512 * _MIB
    reads: int = 25_000
    packages: int = 25_000
    archives: int = 2_000
    depth: int = 4
    artefact_bytes: int = 1024 * _MIB


DEFAULT: Final = Limits()


class WorkLimitError(Exception):
    """The artefact asks for more work than its `Limits` allow."""


class Budget:
    """What is left of the `Limits` while one artefact is being read."""

    __slots__ = ("archives", "entries", "inflated", "limits", "reads")

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.entries = limits.entries
        self.inflated = limits.inflated_bytes
        self.reads = limits.reads
        self.archives = limits.archives

    def spend_inflated(self, count: int) -> None:
        """Account for `count` decompressed bytes.

        Raises:
            WorkLimitError: The total is used up.
        """
        self.inflated -= count
        if self.inflated < 0:
            raise WorkLimitError(f"more than {self.limits.inflated_bytes} bytes to decompress")

    def spend_read(self) -> None:
        """Account for one member being opened.

        Raises:
            WorkLimitError: The total is used up.
        """
        self.reads -= 1
        if self.reads < 0:
            raise WorkLimitError(f"more than {self.limits.reads} members to read")

    def spend_archive(self) -> None:
        """Account for one nested archive being opened.

        Raises:
            WorkLimitError: The total is used up.
        """
        self.archives -= 1
        if self.archives < 0:
            raise WorkLimitError(f"more than {self.limits.archives} nested archives")
