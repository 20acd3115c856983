"""How much is open, as one line of the log an hour: the dashboard draws it from there.

A line that is written anyway costs a thousandth of what a metric for each of its numbers would.
"""

from collections import Counter
from collections.abc import Iterable

from functions.shared.alerting.finding import Kind
from functions.shared.alerting.store import StoredAlert
from functions.shared.aws.observability import logger
from functions.shared.core.severity import Severity
from functions.shared.runtime.deployment import Deployment

_MUTED = "muted"
_IN_FORCE = "in_force"
_NOT_LOOKED_AT = "not_looked_at"


def log_what_is_open(warden: Deployment) -> dict[str, int]:
    """Log how many alerts are open: by severity, muted, about actions and about gaps.

    A zero is logged as well: an absent number would look as if nobody had counted.

    Args:
        warden: The deployment.

    Returns:
        What was logged, by the line's fields.

    Raises:
        ClientError: The table did not answer.
    """
    counts = count(warden.stored_alerts.current())
    logger.info("open alerts counted", extra=counts)
    return counts


def count(stored: Iterable[StoredAlert]) -> dict[str, int]:
    """How many alerts there are of each kind. Pure.

    Alerts that are waived, silenced or explained are counted as muted only.
    """
    found: Counter[str] = Counter()
    for one in stored:
        finding = one.alert.finding
        if not one.alert.is_open:
            continue
        found[_MUTED if one.handling.mute else _open(finding.severity)] += 1
        if finding.kind is Kind.ENFORCEMENT:
            found[_IN_FORCE] += 1
        if finding.kind is Kind.COVERAGE:
            found[_NOT_LOOKED_AT] += 1
    every = [*map(_open, Severity), _MUTED, _IN_FORCE, _NOT_LOOKED_AT]
    return {field: found[field] for field in every}


def _open(severity: Severity) -> str:
    return f"open_{severity.label}"
