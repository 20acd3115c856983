"""YAML lockfiles, loaded as plain data.

Built from the parser's events, one after the other: PyYAML's own composer goes one call deeper with
each bracket, in C, where a text of brackets ends the process.
"""

from collections.abc import Iterator
from typing import Any, Final

from functions.scanner.drift.locked import LockfileError

_DEEPEST: Final = 64
_MOST: Final = 4_000_000


class _BoundError(ValueError):
    """The document is more than a lockfile can be."""


def load_mapping(name: str, text: str, fix: str) -> dict[str, Any]:
    """The mapping that a YAML file is, every scalar as the text it was written as.

    Raises:
        LockfileError: It is no such mapping.
    """
    # Imported here: only two kinds of lockfiles need it, and it is no small import.
    import yaml  # noqa: PLC0415

    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    try:
        documents = _documents(yaml.parse(text, Loader=loader))
    except (yaml.YAMLError, _BoundError, RecursionError) as error:
        reason = str(error).replace("\n", " ")[:200]
        raise LockfileError(name, f"no YAML ({reason})", fix) from error
    # pnpm 11 and later write what the package manager itself is made of in a document before it.
    document = documents[-1] if documents else None
    if not isinstance(document, dict):
        raise LockfileError(name, "no mapping of packages", fix)
    return document


def _documents(events: Iterator[Any]) -> list[Any]:
    """The documents that a stream of events describes."""
    documents: list[Any] = []
    opened: list[_Collection] = []
    for count, event in enumerate(events):
        if count > _MOST:
            raise _BoundError(f"more than {_MOST} parts")
        kind = type(event).__name__
        if kind in {"MappingStartEvent", "SequenceStartEvent"}:
            opened.append(_Collection({} if kind == "MappingStartEvent" else []))
            if len(opened) > _DEEPEST:
                raise _BoundError(f"nested deeper than {_DEEPEST}")
            continue
        if kind == "ScalarEvent":
            value: Any = event.value
        elif kind in {"MappingEndEvent", "SequenceEndEvent"}:
            value = opened.pop().value
        elif kind == "AliasEvent":
            raise _BoundError("an alias, which no lockfile has")
        else:
            continue
        if opened:
            opened[-1].add(value)
        else:
            documents.append(value)
    return documents


class _Collection:
    """A mapping or a list that is being read."""

    __slots__ = ("_key", "value")

    def __init__(self, value: "dict[str, Any] | list[Any]") -> None:
        self.value = value
        self._key: str | None = None

    def add(self, value: Any) -> None:
        """The next item: of a mapping, keys and values by turns."""
        if isinstance(self.value, list):
            self.value.append(value)
        elif self._key is not None:
            self.value[self._key] = value
            self._key = None
        elif isinstance(value, str):
            self._key = value
        else:
            raise _BoundError("a key that is no text")
