"""YAML that others wrote, as plain data with the line of each part, refused where it is too much.

Built from the parser's events one after the other: PyYAML's own composer goes one call deeper with
each bracket, in C, where a text of brackets ends the process. Every scalar stays the text that it
was written as: what it means (a number, a day, yes or no) is for whoever knows the field to say.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

Path: TypeAlias = tuple[str | int, ...]

_DEEPEST: Final = 32
_MOST: Final = 20_000


class YamlError(ValueError):
    """The text is no YAML that is taken here.

    Attributes:
        line: Where, from 1; 0 where it is about the whole.
        fix: What is wrong, and what to write instead.
    """

    def __init__(self, line: int, fix: str) -> None:
        """Say where and what."""
        super().__init__(f"line {line}: {fix}" if line else fix)
        self.line, self.fix = line, fix


@dataclass(frozen=True, slots=True)
class Document:
    """What a YAML text says.

    Attributes:
        value: Mappings, lists and texts.
        lines: The line, from 1, on which each part begins, by its path of keys and indexes.
    """

    value: Any
    lines: Mapping[Path, int]

    def line(self, path: Path) -> int:
        """The line of a part, or of the nearest part around it that the text has."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


@dataclass(slots=True)
class _Open:
    """A mapping or a list that is being read."""

    value: dict[str, Any] | list[Any]
    path: Path
    key: str | None = None
    seen: set[str] = field(default_factory=set)

    @property
    def wants_a_key(self) -> bool:
        """Whether the next item is a key of it."""
        return isinstance(self.value, dict) and self.key is None


def load(text: str) -> Document:
    """Read one YAML document.

    Raises:
        YamlError: It is none, has a key twice, an anchor, a tag or more than one document, or is
            nested too deep.
    """
    # Imported here: who reads no YAML need not have it.
    import yaml  # noqa: PLC0415

    try:
        return _read(yaml.parse(text, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader)), yaml)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 0
        raise YamlError(line, f"no YAML: {error.problem or error.context}") from error
    except (yaml.YAMLError, RecursionError) as error:
        raise YamlError(0, f"no YAML: {' '.join(str(error).split())[:200]}") from error


def _read(events: Any, yaml: Any) -> Document:
    lines: dict[Path, int] = {}
    opened: list[_Open] = []
    root: list[Any] = []
    for event in events:
        line = event.start_mark.line + 1
        if isinstance(event, yaml.CollectionEndEvent):
            opened.pop()
        if not isinstance(event, yaml.NodeEvent):
            continue
        if root and not opened:
            raise YamlError(line, "a second document; write one only")
        if isinstance(event, yaml.AliasEvent) or event.anchor or event.tag not in {None, "!"}:
            raise YamlError(line, "an anchor, an alias or a tag (&, *, !); write plain values")
        scalar = isinstance(event, yaml.ScalarEvent)
        if opened and opened[-1].wants_a_key:
            _take_key(opened[-1], event.value if scalar else None, line, lines)
            continue
        value: Any = event.value if scalar else _empty(event, yaml)
        path = _add(opened[-1], value) if opened else ()
        root = root or [value]
        lines.setdefault(path, line)
        if not scalar:
            opened.append(_Open(value, path))
        if len(lines) > _MOST or len(opened) > _DEEPEST:
            raise YamlError(line, f"more than {_MOST} parts, or deeper than {_DEEPEST} levels")
    return Document(root[0] if root else None, lines)


def _empty(event: Any, yaml: Any) -> dict[str, Any] | list[Any]:
    return {} if isinstance(event, yaml.MappingStartEvent) else []


def _take_key(mapping: _Open, key: str | None, line: int, lines: dict[Path, int]) -> None:
    if key is None:
        raise YamlError(line, "a key that is no text")
    if key in mapping.seen:
        raise YamlError(line, f"{key[:60]!r} stands here twice; keep one")
    mapping.seen.add(key)
    mapping.key = key
    lines[(*mapping.path, key)] = line


def _add(parent: _Open, value: Any) -> Path:
    if isinstance(parent.value, list):
        parent.value.append(value)
        return (*parent.path, len(parent.value) - 1)
    key = parent.key or ""
    parent.value[key] = value
    parent.key = None
    return (*parent.path, key)
