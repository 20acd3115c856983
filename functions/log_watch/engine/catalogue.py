"""The patterns of signals: one file each, Warden's own and those that users add.

A file is TOML: `title`, `expressions` (in the engine's language), and optionally `rule`, `severity`,
`unless`, `extract` (a Python expression whose groups `action` and `resource` are shown), `at_least`
(times within an hour before anybody is alerted) and `source`. Its name is its id.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from functions.log_watch.engine.matcher import ExpressionError, Matcher
from functions.shared.config import SeverityLabel
from functions.shared.core.text import plain

OWN_RULE: Final = "log-pattern"
"""The rule of the patterns that users add."""

_FOLDER: Final = Path(__file__).parents[1] / "patterns"
_LARGEST: Final = 64 * 1024
_ID: Final = re.compile(r"[a-z][a-z0-9-]{1,60}")


class PatternError(ValueError):
    """A pattern's file is wrong; the message names the file, the field and the fix."""


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str = Field(min_length=3, max_length=100)
    expressions: tuple[str, ...] = Field(min_length=1, max_length=50)
    rule: str = OWN_RULE
    severity: SeverityLabel = "medium"
    unless: tuple[str, ...] = ()
    extract: str = ""
    at_least: int = Field(1, ge=1, le=1_000_000)
    source: str = ""

    @field_validator("extract")
    @classmethod
    def _compiles(cls, text: str) -> str:
        try:
            re.compile(text)
        except re.error as error:
            raise ValueError(f"no regular expression: {error}") from error
        return text


@dataclass(frozen=True, slots=True)
class Pattern:
    """One kind of line that is worth a signal.

    Attributes:
        id: Its file's name.
        title: What such a line says.
        rule: The rule whose alerts tell of it.
        severity: How bad it is, for patterns that users add.
        expressions: What such a line holds, in the engine's language.
        unless: Texts that make it another one.
        extract: What is shown of it beside the sample; None where nothing is.
        at_least: How many times within an hour make it worth an alert.
    """

    id: str
    title: str
    rule: str
    severity: str
    expressions: tuple[str, ...]
    unless: tuple[str, ...]
    extract: re.Pattern[str] | None
    at_least: int


@cache
def built_in() -> tuple[Pattern, ...]:
    """Warden's own patterns."""
    return tuple(
        read_pattern(path.stem, path.read_text(encoding="utf-8"))
        for path in sorted(_FOLDER.glob("*.toml"))
    )


def read_pattern(id_: str, text: str) -> Pattern:
    """Read one file.

    Args:
        id_: The file's name without its ending.
        text: What it holds.

    Raises:
        PatternError: It is wrong.
    """
    place = f"pattern {plain(id_, 60)!r}"
    if not _ID.fullmatch(id_):
        raise PatternError(f"{place}: name it in small letters, digits and hyphens")
    if len(text) > _LARGEST:
        raise PatternError(f"{place}: larger than {_LARGEST} characters")
    try:
        file = _File.model_validate(_parsed(text, place))
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(map(str, first["loc"]))
        raise PatternError(f"{place}: {field}: {first['msg']}") from error
    try:
        Matcher(file.expressions).compile()
    except ExpressionError as error:
        raise PatternError(f"{place}: expressions: {plain(error)}") from error
    extract = re.compile(file.extract) if file.extract else None
    return Pattern(
        id=id_,
        title=file.title,
        rule=file.rule,
        severity=file.severity,
        expressions=file.expressions,
        unless=file.unless,
        extract=extract,
        at_least=file.at_least,
    )


def with_own(own: Iterable[Pattern]) -> tuple[Pattern, ...]:
    """All patterns; one that a user names like one of Warden's takes its place."""
    by_id = {one.id: one for one in built_in()}
    for one in own:
        replaced = by_id.get(one.id)
        rule = replaced.rule if replaced else OWN_RULE
        by_id[one.id] = Pattern(
            one.id, one.title, rule, one.severity, one.expressions, one.unless, one.extract,
            one.at_least,
        )  # fmt: skip
    return tuple(by_id[id_] for id_ in sorted(by_id))


def _parsed(text: str, place: str) -> Mapping[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PatternError(f"{place}: no TOML: {error}") from error
