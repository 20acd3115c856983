"""Archives made in memory for the tests."""

import io
import json
import zipfile
from collections.abc import Mapping


def zipped(members: Mapping[str, str | bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip archive with these members."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, contents in members.items():
            archive.writestr(name, contents)
    return buffer.getvalue()


def metadata(name: str, version: str) -> str:
    """A Python core metadata file."""
    return f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n\nName: not-this\n"


def manifest(name: str, version: str) -> str:
    """A package.json."""
    return json.dumps({"name": name, "version": version})
