"""The rules about one function's tags: one rule a file, named as its row of the catalogue."""

from collections.abc import Callable
from datetime import date
from importlib import import_module
from typing import Final, TypeAlias, cast

from functions.shared.alerting.finding import Verdict
from functions.shared.core.rules import About, Part, rules_of
from functions.tag_enforcer.judged import JudgedFunction

Rule: TypeAlias = Callable[[JudgedFunction, date], Verdict]

UNREADABLE: Final = "tags-unreadable"
"""Says that there are no tags to judge; the others judge tags."""

IDLE: Final = "idle-function"
"""Is judged once a day, by its calls; the others by its tags."""

IDS: Final = tuple(
    row.id
    for row in rules_of(Part.TAG_ENFORCER)
    if row.id not in {UNREADABLE, IDLE} and row.about is About.FUNCTION
)


def _check(rule: str) -> Rule:
    """The check of a rule: `tag-policy` is in `tag_policy.py`."""
    return cast("Rule", import_module(f"{__package__}.{rule.replace('-', '_')}").check)


RULES: Final[tuple[Rule, ...]] = tuple(map(_check, IDS))
