"""All readers, in the order in which they look at an archive."""

from collections.abc import Callable, Iterator
from typing import Final, TypeAlias

from functions.scanner.inventory.archive import Archive
from functions.scanner.inventory.readers.dotnet import read_dotnet
from functions.scanner.inventory.readers.java import read_java
from functions.scanner.inventory.readers.javascript_bundles import read_javascript_bundles
from functions.scanner.inventory.readers.node_modules import read_node_modules
from functions.scanner.inventory.readers.programs import read_programs
from functions.scanner.inventory.readers.python_metadata import read_python_metadata
from functions.scanner.inventory.readers.python_stripped import read_stripped_python
from functions.scanner.inventory.readers.ruby import read_ruby
from functions.scanner.inventory.readers.sboms import read_sboms
from functions.scanner.inventory.readers.unclaimed import read_unclaimed
from functions.shared.core.packages import Package

Reader: TypeAlias = Callable[[Archive], Iterator[Package]]
"""Yields the packages that one kind of evidence proves; reports what it could not read."""

READERS: Final[tuple[Reader, ...]] = (
    read_python_metadata,
    read_stripped_python,
    read_sboms,
    read_node_modules,
    read_javascript_bundles,
    read_java,
    read_programs,
    read_dotnet,
    read_ruby,
    read_unclaimed,
)
