"""Reading a policy file; what is wrong with one is said with its line and the fix. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, get_args

from pydantic import BaseModel, ValidationError

from functions.shared.core import bounded_yaml
from functions.shared.core.text import listed, plain
from functions.shared.policy.model import DisagreementError, Policy

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

LARGEST: Final = 64 * 1024
"""Bytes of a policy file."""

DEFAULT: Final = Path(__file__).parent / "data" / "default.yaml"
"""The policy that holds where nobody wrote one."""

_MOST_SHOWN: Final = 50


@dataclass(frozen=True, slots=True, order=True)
class PolicyFault:
    """One thing that is wrong with a policy file.

    Attributes:
        line: Where, from 1; 0 for the file as a whole.
        field: Path of keys, with dots; empty for the whole.
        fix: What is wrong, and what to write instead.
    """

    line: int
    field: str
    fix: str

    def __str__(self) -> str:
        place = [f"line {self.line}"] if self.line else []
        return plain(": ".join((*place, *([self.field] if self.field else []), self.fix)), 400)


class PolicyError(ValueError):
    """A policy file that says nothing, because something in it is wrong.

    Attributes:
        faults: Everything that is wrong, by line.
    """

    def __init__(self, faults: Sequence[PolicyFault]) -> None:
        """Name all of them."""
        super().__init__("\n".join(map(str, faults)))
        self.faults = tuple(faults)


def read_policy(content: bytes) -> Policy:
    """Read a policy file.

    Raises:
        PolicyError: Something in it is wrong; the error names each line, and the fix.
    """
    if len(content) > LARGEST:
        raise PolicyError([PolicyFault(0, "", f"larger than {LARGEST // 1024} KiB; shorten it")])
    try:
        document = bounded_yaml.load(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise PolicyError([PolicyFault(0, "", "not UTF-8; save it as UTF-8")]) from error
    except bounded_yaml.YamlError as error:
        raise PolicyError([PolicyFault(error.line, "", error.fix)]) from error
    if not isinstance(document.value, dict):
        raise PolicyError([PolicyFault(1, "", "no mapping; begin with version: 1")])
    try:
        return Policy.model_validate(document.value)
    except ValidationError as error:
        found = {one for item in error.errors() for one in _faults(item, document)}
        raise PolicyError(sorted(found)[:_MOST_SHOWN]) from error


@cache
def default_policy() -> Policy:
    """The policy that Warden comes with."""
    return read_policy(DEFAULT.read_bytes())


def _faults(item: "ErrorDetails", document: bounded_yaml.Document) -> Iterator[PolicyFault]:
    path = _in_file(item["loc"], document.value)
    cause = item.get("ctx", {}).get("error")
    if isinstance(cause, DisagreementError):
        for where, fix in cause.faults:
            yield PolicyFault(document.line(where), _dotted(where), fix)
        return
    yield PolicyFault(document.line(path), _dotted(path), _fix(item, path))


def _in_file(loc: tuple[str | int, ...], value: Any) -> bounded_yaml.Path:
    """The part of an error's place that stands in the file: pydantic adds names of its own."""
    path: list[str | int] = []
    for number, step in enumerate(loc):
        last = number == len(loc) - 1
        if isinstance(value, Mapping) and (step in value or last):
            path.append(step)
            value = value.get(str(step))
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            path.append(step)
            value = value[step]
    return tuple(path)


def _dotted(path: bounded_yaml.Path) -> str:
    return plain(".".join(map(str, path)), 120)


_NO_KEYS: Final = "no keys stand below it; write KEY: VALUE lines, indented"
_NO_LIST: Final = "is no list; write [one, another], or lines that begin with -"
_NO_DAY: Final = "is no day; write one as 2027-03-31"
_SAID: Final[Mapping[str, str]] = {
    "missing": "missing; add it",
    "dict_type": _NO_KEYS,
    "mapping_type": _NO_KEYS,
    "model_attributes_type": _NO_KEYS,
    "model_type": _NO_KEYS,
    "string_type": "no text; write one value",
    "string_too_short": "too short; say more",
    "too_short": "empty; name at least one",
}
_SAID_OF_VALUE: Final[Mapping[str, str]] = {
    "date_from_datetime_parsing": _NO_DAY,
    "date_parsing": _NO_DAY,
    "date_type": _NO_DAY,
    "enum": "is none of {expected}; choose one",
    "list_type": _NO_LIST,
    "literal_error": "is not known; write {expected}",
    "string_pattern_mismatch": "is not of the form {pattern}",
    "tuple_type": _NO_LIST,
}


def _fix(item: "ErrorDetails", path: bounded_yaml.Path) -> str:
    """What is wrong, and what to write instead; the words of pydantic where we have none."""
    kind, context = item["type"], item.get("ctx", {})
    if kind == "extra_forbidden":
        return _unknown(str(path[-1]), _known(item["loc"][:-1]))
    if kind in _SAID:
        return _SAID[kind]
    found = plain(repr(item["input"]), 60)
    if kind in _SAID_OF_VALUE:
        return plain(f"{found} {_SAID_OF_VALUE[kind].format(**context)}", 300)
    return f"{plain(str(context.get('error', item['msg'])), 250)} (found {found})"


def _unknown(key: str, known: Sequence[str]) -> str:
    near = get_close_matches(key, known, n=1)
    meant = f"did you mean {near[0]}? " if near else ""
    return f"unknown; {meant}The keys here are {listed(list(known), 20)}"


def _known(loc: tuple[str | int, ...]) -> list[str]:
    """The keys that may stand at a place."""
    kind: Any = Policy
    for step in loc:
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            fields = {field.alias or name: field for name, field in kind.model_fields.items()}
            kind = fields[str(step)].annotation if str(step) in fields else kind
        kind = _model_in(kind) or kind
    fields = kind.model_fields if isinstance(kind, type) and issubclass(kind, BaseModel) else {}
    return [field.alias or name for name, field in fields.items()]


def _model_in(kind: Any) -> type[BaseModel] | None:
    """The part of the policy that a list or a mapping holds."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return kind
    return next((found for one in get_args(kind) if (found := _model_in(one))), None)
