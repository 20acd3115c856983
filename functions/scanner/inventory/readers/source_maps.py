"""Packages named by a bundle's source map.

Format: https://tc39.es/ecma426/, `sources` with the paths of all modules and `sourcesContent`
with their text.
"""

import base64
import binascii
import json
import re
from collections.abc import Iterable
from typing import Any, Final

from functions.scanner.inventory.readers.bundled import Bundled
from functions.scanner.inventory.readers.module_paths import from_path
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
        rows = _all_rows(json.loads(source_map))
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError):
        return None
    return packages_of(rows, "source-map")


def packages_of(rows: Iterable[tuple[str, str]], evidence: str) -> list[Bundled] | None:
    """Packages that modules lie in; None where there is no module at all.

    Args:
        rows: Path and text of each module; the text may be empty.
        evidence: What lists them.
    """
    found: dict[tuple[str, str], Bundled] = {}
    count = 0
    for path, content in rows:
        count += 1
        item = from_path(path, evidence)
        if item is not None:
            item = item._replace(version=item.version or _stated(path, content))
            found.setdefault((item.module, item.version), item)
    versioned = {item.module for item in found.values() if item.version}
    listed = [item for item in found.values() if item.version or item.module not in versioned]
    return listed if count else None


def covers(source_map: bytes, script: bytes) -> bool:
    """Whether what the map holds as sources can be all that the script was made of.

    Bundlers leave text out and add hardly any. Maps without texts are believed.
    """
    try:
        rows = _all_rows(json.loads(source_map))
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError):
        return False
    texts = [text for _, text in rows]
    return not all(texts) or sum(map(len, texts)) >= len(script) // 3


def _all_rows(loaded: dict[str, Any]) -> list[tuple[str, str]]:
    """Path and text of every source, those of sections too."""
    maps = [item["map"] for item in loaded["sections"]] if "sections" in loaded else [loaded]
    return [row for item in maps for row in _rows(item)]


def _rows(source_map: dict[str, Any]) -> list[tuple[str, str]]:
    """Path and text of every source."""
    sources, contents = source_map.get("sources"), source_map.get("sourcesContent")
    if not isinstance(sources, list) or len(sources) > _MOST_SOURCES:
        raise TypeError("sources")
    root = source_map.get("sourceRoot")
    root = f"{root.rstrip('/')}/" if isinstance(root, str) and root else ""
    texts = contents if isinstance(contents, list) else []
    padded = texts + [None] * (len(sources) - len(texts))
    return [
        (f"{root}{path}", text if isinstance(text, str) else "")
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
