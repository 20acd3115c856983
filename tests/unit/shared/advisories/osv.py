"""Advisories, exports and indexes for tests."""

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from functions.shared.advisories.build import Export, build_index
from functions.shared.advisories.index import AdvisoryIndex

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def span(*events: tuple[str, str], kind: str = "ECOSYSTEM") -> dict[str, Any]:
    """A range with these events in this order."""
    return {"type": kind, "events": [{name: version} for name, version in events]}


def affected(
    name: str,
    *ranges: dict[str, Any],
    ecosystem: str = "PyPI",
    versions: Sequence[str] = (),
    **more: Any,
) -> dict[str, Any]:
    """One entry of a record's `affected`."""
    package = {"ecosystem": ecosystem, "name": name}
    return {"package": package, "ranges": list(ranges), "versions": list(versions), **more}


def advisory(advisory_id: str, *entries: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A record."""
    return {
        "schema_version": "1.7.0",
        "id": advisory_id,
        "modified": "2026-01-02T03:04:05Z",
        "affected": list(entries),
        **more,
    }


def below(version: str, name: str = "demo", ecosystem: str = "PyPI") -> dict[str, Any]:
    """Everything before a version is affected."""
    return affected(name, span(("introduced", "0"), ("fixed", version)), ecosystem=ecosystem)


def archive(*records: dict[str, Any] | bytes) -> io.BytesIO:
    """An export: raw bytes stand for a file that is no record."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as opened:
        for number, record in enumerate(records):
            content = record if isinstance(record, bytes) else json.dumps(record).encode()
            opened.writestr(f"{number}.json", content)
    file.seek(0)
    return file


def export(ecosystem: str, *records: dict[str, Any] | bytes, at: datetime = NOW) -> Export:
    """An export ready for building."""
    return Export(ecosystem, archive(*records), f"test/{ecosystem}", at, etag=f'"{ecosystem}-1"')


def index(folder: Path, exports: Mapping[str, Sequence[dict[str, Any]]]) -> AdvisoryIndex:
    """Build and open an index of these records."""
    path = folder / "index.sqlite"
    build_index([export(name, *records) for name, records in exports.items()], path, NOW)
    return AdvisoryIndex.open(path)
