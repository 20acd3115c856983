"""How much is open, as metrics: for the dashboard, and for alarms of one's own."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from aws_lambda_powertools.metrics import MetricUnit, single_metric

from functions.shared.alerting.finding import Kind
from functions.shared.deployment import Deployment
from functions.shared.observability import NAMESPACE
from functions.shared.severity import Severity
from functions.shared.state.alerts import StoredAlert


class Gauge(StrEnum):
    """A metric that says how many there are."""

    OPEN_ALERTS = "OpenAlerts"
    MUTED_ALERTS = "MutedAlerts"
    ENFORCEMENTS = "Enforcements"
    COVERAGE_GAPS = "CoverageGaps"


def publish_gauges(warden: Deployment, now: datetime) -> dict[str, int]:
    """Publish how many alerts are open: by severity, muted, about actions and about gaps.

    A zero is published as well: an absent point would look as if nobody had counted.

    Args:
        warden: The deployment.
        now: The time of the points.

    Returns:
        What was published, by metric and severity.

    Raises:
        ClientError: The table did not answer.
    """
    counts = count(warden.stored_alerts.current())
    for (gauge, severity), value in counts.items():
        dimensions = {"service": "notifier"} | ({"severity": severity} if severity else {})
        with single_metric(
            name=gauge.value,
            unit=MetricUnit.Count,
            value=value,
            namespace=NAMESPACE,
            default_dimensions=dimensions,
        ) as metric:
            metric.set_timestamp(now)
    return {
        f"{gauge.value} {severity}".strip(): value for (gauge, severity), value in counts.items()
    }


def count(stored: Iterable[StoredAlert]) -> dict[tuple[Gauge, str], int]:
    """How many alerts there are of each kind, by gauge and severity. Pure.

    Alerts that are waived, silenced or explained are counted as muted only.
    """
    found: Counter[tuple[Gauge, str]] = Counter()
    for one in stored:
        finding = one.alert.finding
        if not one.alert.is_open:
            continue
        if one.handling.mute:
            found[Gauge.MUTED_ALERTS, ""] += 1
        else:
            found[Gauge.OPEN_ALERTS, finding.severity.label] += 1
        if finding.kind is Kind.ENFORCEMENT:
            found[Gauge.ENFORCEMENTS, ""] += 1
        if finding.kind is Kind.COVERAGE:
            found[Gauge.COVERAGE_GAPS, ""] += 1
    every = [(Gauge.OPEN_ALERTS, severity.label) for severity in Severity]
    every += [(gauge, "") for gauge in Gauge if gauge is not Gauge.OPEN_ALERTS]
    return {key: found[key] for key in every}
