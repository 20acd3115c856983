"""The catalogue: one row for each rule of Warden, by the part that judges.

Everything that is to be known of a rule beside its judgement stands in its row; links, inhibition,
settings, runbooks, docs and tests read it there. CONTRIBUTING.md says how to add one.
"""

from typing import Final

from functions.shared.core.kind import Kind
from functions.shared.core.part import Part
from functions.shared.core.rules import (
    advisory_sync,
    anomaly_detector,
    flows,
    guard,
    log_watch,
    notifier,
    scanner,
    sensor_watch,
    tag_enforcer,
)
from functions.shared.core.rules.rule import About, Explains, Metric, Rule

__all__ = [
    "RULES",
    "About",
    "Explains",
    "Kind",
    "Metric",
    "Part",
    "Rule",
    "disabled_by",
    "rule",
    "rules_of",
]

_ROWS: Final = (
    *scanner.ROWS,
    *tag_enforcer.ROWS,
    *anomaly_detector.ROWS,
    *flows.ROWS,
    *guard.ROWS,
    *notifier.ROWS,
    *advisory_sync.ROWS,
    *sensor_watch.ROWS,
    *log_watch.ROWS,
)

RULES: Final = {row.id: row for row in _ROWS}
"""Every rule, by its id."""

if len(RULES) != len(_ROWS):
    raise ValueError("two rows of the catalogue have one id")


def rule(id_: str) -> Rule:
    """The row of a rule.

    An alert may outlive its rule by an update of Warden: then it is about its function, and its
    kind is what the alert itself says.
    """
    known = RULES.get(id_)
    return known or Rule(id=id_, part=Part.SCANNER, kind=Kind.COVERAGE, title=id_)


def disabled_by(setting: str) -> frozenset[str]:
    """The ids of the rules that a setting can switch off."""
    return frozenset(row.id for row in RULES.values() if row.disabled_by == setting)


def rules_of(part: Part) -> tuple[Rule, ...]:
    """The rules that a part judges by, in the order of their rows."""
    return tuple(row for row in RULES.values() if row.part is part)
