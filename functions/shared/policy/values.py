"""What the value of a tag may be, and why one is not. Pure."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from functions.shared.core.text import listed, plain
from functions.shared.policy import expression


class Form(StrEnum):
    """The forms of values that need no pattern of their own."""

    ANY = "any"
    TEAM_OR_EMAIL = "team-or-email"
    EMAIL = "email"
    DATE = "date"
    DURATION = "duration"
    COST_CENTRE = "cost-centre"
    ENVIRONMENT = "environment"


_EMAIL: Final = r"[\w.+-]+@[\w-]+(\.[\w-]+)+"
_PATTERNS: Final[Mapping[Form, tuple[str, str]]] = {
    Form.ANY: (r"(?s).*\S.*", "any text"),
    Form.TEAM_OR_EMAIL: (
        rf"[\w.+-]+|{_EMAIL}",
        "a team or an e-mail address, such as payments or payments@example.com",
    ),
    Form.EMAIL: (_EMAIL, "an e-mail address, such as payments@example.com"),
    Form.DURATION: (r"[1-9][0-9]{0,4} ?(h|d|w|hours?|days?|weeks?)", "a duration, such as 90d"),
    Form.COST_CENTRE: (
        r"[A-Za-z]{0,6}[-_ ]?[0-9]{2,12}",
        "a cost centre: some letters and a number, such as CC-4711",
    ),
}


@dataclass(frozen=True, slots=True)
class Wrong:
    """A value that is not allowed.

    Attributes:
        wanted: What is allowed, for a sentence.
        suggestion: What was most likely meant; empty where nobody can tell.
    """

    wanted: str
    suggestion: str = ""


def is_date(text: str) -> bool:
    """Whether a text is a day as YYYY-MM-DD."""
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text) is not None


def in_form(form: Form, value: str) -> Wrong | None:
    """Why a value is not of a form; None where it is. Not for environments, which are a list."""
    if form is Form.DATE:
        return None if is_date(value) else Wrong("a day as YYYY-MM-DD")
    pattern, wanted = _PATTERNS[form]
    return None if expression.matches(pattern, value) else Wrong(wanted)


def by_pattern(pattern: str, value: str) -> Wrong | None:
    """Why a value does not match a pattern; None where it does."""
    return None if expression.matches(pattern, value) else Wrong(f"a text like {pattern}")


def one_of(allowed: Iterable[str], value: str, meant: Callable[[str], str]) -> Wrong | None:
    """Why a value is none of those allowed; None where it is one.

    Args:
        allowed: The allowed values.
        value: The value.
        meant: The allowed value that a misspelt one stands for, or empty.
    """
    known = list(allowed)
    if value in known:
        return None
    return Wrong(f"one of {listed([plain(one, 60) for one in known], 8)}", meant(value))


def normal(text: str) -> str:
    """A text without case and without the signs that people divide words with."""
    return re.sub(r"[\s._:/-]+", "", text).casefold()
