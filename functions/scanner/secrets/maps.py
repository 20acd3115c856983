"""The owner's sources inside source maps: what others published stands beside them there."""

import json
from collections.abc import Iterator
from typing import Final

from functions.scanner.secrets.members import is_published_path

_ENDING: Final = ".map"


def unfolded(place: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    """A text to search with its place; of a source map, each of the owner's sources in it.

    Args:
        place: Where the text stands.
        data: The text.
    """
    sources = _sources(data) if place.endswith(_ENDING) else None
    if sources is None:
        yield place, data
        return
    for path, text in sources:
        if text and not is_published_path(path):
            yield f"{place}!/{path[:200]}", text.encode(errors="replace")


def _sources(data: bytes) -> list[tuple[str, str]] | None:
    """Path and text of each source; None where it is no source map."""
    try:
        loaded = json.loads(data)
        paths, texts = loaded["sources"], loaded.get("sourcesContent") or []
        return [
            (str(path), text if isinstance(text, str) else "")
            for path, text in zip(paths, texts, strict=False)
        ]
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError):
        return None
