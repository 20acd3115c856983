"""The index of a local advisory folder, built once per content and kept in the user's cache.

Reading ten thousand records takes seconds, opening an index takes milliseconds.
"""

import hashlib
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final

from functions.shared.advisories.build import Export, build_index
from functions.shared.advisories.index import AdvisoryIndex, AdvisoryIndexError
from functions.shared.advisories.layout import FORMAT_VERSION

CACHE: Final = Path(".cache") / "lambda-warden" / "advisories"
"""Below the home directory."""


@contextmanager
def index_of(
    exports: Sequence[Export], now: datetime, cache: Path | None
) -> Iterator[AdvisoryIndex]:
    """Open the index of these exports, building it unless the cache has it.

    Args:
        exports: Exports in local files.
        now: The time of building.
        cache: Where indexes are kept; None to keep none. One that cannot be written to is not used.

    Raises:
        BuildError: An export is unreadable.
    """
    with tempfile.TemporaryDirectory(prefix="advisories-") as scratch:
        path = _cached(exports, cache) if cache else None
        index = _open(path) if path else None
        if index is None:
            built = build_index(exports, Path(scratch) / "index.sqlite", now).path
            index = AdvisoryIndex.open(_keep(built, path) if path else built)
        with index:
            yield index


def _cached(exports: Sequence[Export], cache: Path) -> Path:
    """The place of an index: one name per folder, one suffix per content."""
    folder, content = hashlib.sha256(), hashlib.sha256(str(FORMAT_VERSION).encode())
    for export in exports:
        archive = Path(export.source).resolve()
        facts = archive.stat()
        folder.update(f"{archive.parent.parent}\0".encode())
        content.update(f"{archive}\0{facts.st_size}\0{facts.st_mtime_ns}\0".encode())
    return cache / f"{folder.hexdigest()[:16]}-{content.hexdigest()[:32]}.sqlite"


def _open(path: Path) -> AdvisoryIndex | None:
    try:
        return AdvisoryIndex.open(path) if path.is_file() else None
    except AdvisoryIndexError:
        return None  # Half-written by a machine that lost power: build it again.


def _keep(built: Path, path: Path) -> Path:
    """Put a new index into the cache in one step, and drop the folder's older ones."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, partial = tempfile.mkstemp(dir=path.parent, suffix=".part")
        with os.fdopen(handle, "wb") as file:
            file.write(built.read_bytes())
        for old in path.parent.glob(f"{path.name.partition('-')[0]}-*.sqlite"):
            old.unlink(missing_ok=True)
        Path(partial).replace(path)
    except OSError:
        return built  # A cache is a convenience.
    return path
