"""All readers, in the order in which they look at an archive."""

from collections.abc import Callable, Iterator
from typing import Final, TypeAlias

from functions.scanner.inventory.archive import Archive
from functions.scanner.inventory.readers.node_modules import read_node_modules
from functions.scanner.inventory.readers.python_metadata import read_python_metadata
from functions.shared.packages import Package

Reader: TypeAlias = Callable[[Archive], Iterator[Package]]
"""Yields the packages that one kind of evidence proves; reports what it could not read."""

READERS: Final[tuple[Reader, ...]] = (
    read_python_metadata,
    read_node_modules,
)
