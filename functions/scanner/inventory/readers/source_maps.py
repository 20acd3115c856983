"""Packages named by a bundle's source map.

Format: https://tc39.es/ecma426/, `sources` with the paths of all modules and `sourcesContent`
with their text.
"""

import base64
import binascii
import json
import re
from typing import Final

from functions.scanner.inventory.readers.module_paths import Bundled, from_path
from functions.scanner.inventory.readers.naming import version_text

_INLINE: Final = re.compile(
    rb"//[#@] sourceMappingURL=data:application/json;"
    rb"(?:charset=utf-8;)?base64,([A-Za-z0-9+/=]+)\s*$"
)
_MOST_SOURCES: Final = 50_000


def inline_map(script: bytes) -> bytes | None:
    """The source map that a script carries in its last line."""
    match = _INLINE.search(script, max(0, script.rfind(b"\n//", 0, len(script) - 1)))
    if match is None:
        return None
    try:
        return base64.b64decode(match[1], validate=True)
    except binascii.Error:
        return None


def packages(source_map: bytes | None) -> list[Bundled] | None:
    """Packages whose files the map lists, None where there is no map that can be read."""
    if source_map is None:
        return None
    try:
        loaded = json.loads(source_map)
        maps = [item["map"] for item in loaded["sections"]] if "sections" in loaded else [loaded]
        rows = [row for item in maps for row in _rows(item)]
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError):
        return None
    if not rows:
        return None
    found: dict[tuple[str, str], Bundled] = {}
    for path, content in rows:
        item = from_path(path, "source-map")
        if item is not None:
            version = item.version or _stated(path, content)
            found[item.name, version] = item._replace(version=version)
    versioned = {name for name, version in found if version}
    return [item for item in found.values() if item.version or item.name not in versioned]


def _rows(source_map: dict[str, object]) -> list[tuple[str, str]]:
    """Path and text of every source."""
    sources, contents = source_map.get("sources"), source_map.get("sourcesContent")
    if not isinstance(sources, list) or len(sources) > _MOST_SOURCES:
        raise TypeError("sources")
    texts = contents if isinstance(contents, list) else []
    padded = texts + [None] * (len(sources) - len(texts))
    return [
        (str(path), text if isinstance(text, str) else "")
        for path, text in zip(sources, padded, strict=False)
    ]


def _stated(path: str, content: str) -> str:
    """The version in a bundled package.json that stands at the package's root."""
    inside = path.rpartition("node_modules/")[2]
    if not inside.endswith("/package.json") or inside.count("/") != 1 + inside.startswith("@"):
        return ""
    try:
        return version_text(str(json.loads(content)["version"]))
    except (ValueError, RecursionError, KeyError, TypeError):
        return ""
