"""A local folder laid out like OSV's exports: ECOSYSTEM/all.zip."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from functions.shared.advisories.build import Export
from functions.shared.advisories.versions.ecosystems import ECOSYSTEMS


def exports_in(
    folder: Path, now: datetime, ecosystems: Iterable[str] = ECOSYSTEMS
) -> tuple[Export, ...]:
    """The exports that a folder holds; ecosystems without one are simply not there."""
    return tuple(
        Export(ecosystem, archive, str(archive), now)
        for ecosystem in ecosystems
        if (archive := folder / ecosystem / "all.zip").is_file()
    )
