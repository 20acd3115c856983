"""What the scanner holds a function to: one rule a file, named as its row of the catalogue."""

from collections.abc import Callable
from importlib import import_module
from typing import Final, TypeAlias, cast

from functions.scanner.facts import FunctionFacts, Setting
from functions.shared.alerting.finding import Verdict
from functions.shared.core.rules import About, Part, rules_of

Rule: TypeAlias = Callable[[FunctionFacts, Setting], Verdict]


def _check(rule: str) -> Rule:
    """The check of a rule: `permissive-cors` is in `permissive_cors.py`."""
    module = import_module(f"{__package__}.{rule.replace('-', '_')}")
    return cast("Rule", module.check)


_IDS: Final = tuple(row.id for row in rules_of(Part.SCANNER) if row.about is About.FUNCTION)

# Rules that can be applied to what an event states about a function that cannot be read.
_STATED: Final = (
    "world-open-policy",
    "open-function-url",
    "permissive-cors",
    "foreign-access",
    "confused-deputy",
    "retired-runtime",
)
STATED_RULES: Final[tuple[Rule, ...]] = tuple(map(_check, _STATED))
"""Rules that an event alone can be held to."""

BY_ID: Final[dict[str, Rule]] = {rule: _check(rule) for rule in _IDS}

RULES: Final[tuple[Rule, ...]] = (
    *STATED_RULES,
    *(_check(rule) for rule in _IDS if rule not in _STATED),
)
