"""Counting the estate: by environment, owner and runtime, and over time. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

from functions.reporter.estate import Estate
from functions.shared.alerting.store import StoredAlert
from functions.shared.aws.listing import Listed
from functions.shared.config import TagPolicy
from functions.shared.core.arn import FunctionArn
from functions.shared.core.severity import Severity
from functions.shared.core.tag_value import shown_tag
from functions.shared.core.text import plain

DAYS: Final = 30
"""Days of the chart of what opened and ended."""

ROWS: Final = 40
"""Rows of a table of counts; the rest is put together in one."""

NOBODY: Final = "no owner"
NOWHERE: Final = "no environment"
UNREAD: Final = "tags not read"


@dataclass(frozen=True, slots=True)
class Row:
    """Functions that have something in common, and what is open about them.

    Attributes:
        name: What they have in common.
        functions: How many there are.
        open: Open alerts by severity.
    """

    name: str
    functions: int
    open: Mapping[Severity, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """Open alerts of all severities."""
        return sum(self.open.values())


@dataclass(frozen=True, slots=True)
class Day:
    """How many alerts opened and ended on a day."""

    day: date
    opened: int
    resolved: int


def event(alerts: Iterable[StoredAlert]) -> list[StoredAlert]:
    """The open alerts that nobody accepted or muted."""
    return [one for one in alerts if one.alert.is_open and not one.handling.mute]


def owner_of(listed: Listed, policy: TagPolicy) -> str:
    """The owner of a function, as a report names it."""
    return _tag(listed, policy.owner_tag, NOBODY)


def environment_of(listed: Listed, policy: TagPolicy) -> str:
    """The environment of a function, as a report names it."""
    return _tag(listed, policy.environment_tag, NOWHERE)


def by_owner(estate: Estate) -> tuple[Row, ...]:
    """The estate by owner, those with the worst alerts first."""
    policy = estate.config.tags
    owners = {one.function: owner_of(one, policy) for one in estate.listed}
    return _rows(owners, [(one, one.alert.owner or NOBODY) for one in event(estate.alerts)])


def by_environment(estate: Estate) -> tuple[Row, ...]:
    """The estate by environment, those with the worst alerts first."""
    policy = estate.config.tags
    environments = {one.function: environment_of(one, policy) for one in estate.listed}
    return _rows(
        environments, [(one, one.alert.environment or NOWHERE) for one in event(estate.alerts)]
    )


def by_runtime(estate: Estate) -> tuple[Row, ...]:
    """The estate by runtime, the most frequent first; container images are one of them."""
    counted = Counter(plain(one.runtime, 40) or "container image" for one in estate.listed)
    return tuple(Row(name, number) for name, number in counted.most_common())


def days(alerts: Iterable[StoredAlert], now: datetime) -> tuple[Day, ...]:
    """How many alerts opened and ended on each of the last days, as far as they are remembered."""
    opened, resolved = Counter[date](), Counter[date]()
    for one in alerts:
        opened[one.alert.first_seen.date()] += 1
        if not one.alert.is_open:
            resolved[one.alert.last_seen.date()] += 1
    first = now.date() - timedelta(days=DAYS - 1)
    every = [first + timedelta(days=number) for number in range(DAYS)]
    return tuple(Day(day, opened[day], resolved[day]) for day in every)


def severities(alerts: Iterable[StoredAlert]) -> dict[Severity, int]:
    """How many alerts have which severity, the worst first."""
    counted = Counter(one.alert.finding.severity for one in alerts)
    return {severity: counted[severity] for severity in reversed(Severity)}


def _tag(listed: Listed, tag: str, absent: str) -> str:
    if listed.tags is None:
        return UNREAD
    return shown_tag(listed.tags.get(tag, "")) or absent


def _rows(
    names: Mapping[FunctionArn, str], alerts: Sequence[tuple[StoredAlert, str]]
) -> tuple[Row, ...]:
    """Count by name; an alert counts where its function is, else where it says it was."""
    functions = Counter(names.values())
    counts: defaultdict[str, Counter[Severity]] = defaultdict(Counter)
    for one, otherwise in alerts:
        finding = one.alert.finding
        counts[names.get(finding.function, otherwise)][finding.severity] += 1
    rows = [Row(name, functions[name], dict(counts[name])) for name in {*functions, *counts}]
    return _bounded(sorted(rows, key=_worst_first))


def _worst_first(row: Row) -> tuple[int | str, ...]:
    worst = [-row.open.get(severity, 0) for severity in reversed(Severity)]
    return (*worst, -row.functions, row.name)


def _bounded(rows: Sequence[Row]) -> tuple[Row, ...]:
    if len(rows) <= ROWS:
        return tuple(rows)
    rest = rows[ROWS - 1 :]
    together: Counter[Severity] = Counter()
    for row in rest:
        together.update(row.open)
    name = f"{len(rest)} others"
    return (*rows[: ROWS - 1], Row(name, sum(row.functions for row in rest), dict(together)))
