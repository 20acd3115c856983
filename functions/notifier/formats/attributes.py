"""What a subscription's filter policy can select by. Pure."""

from collections.abc import Iterable, Mapping

from functions.shared.alerting.formats.wording import environment_of, owner_of
from functions.shared.alerting.notification import Notification
from functions.shared.core.rules import About


def attributes(notification: Notification) -> Mapping[str, str | tuple[str, ...]]:
    """The attributes of a message; several values where its alerts differ.

    Raw delivery to SQS discards messages with more than ten attributes (SNS developer guide, "Raw
    message delivery"); these are ten. `severity` is the worst, so that a filter for what is bad
    finds it; the others have every value among the alerts that the message lists. A message about
    the account alone names no function.
    """
    alerts = [notice.alert for notice in notification.notices]
    functions = [alert.finding.function for alert in alerts]
    names = [a.finding.function.name for a in alerts if a.finding.about is not About.ACCOUNT]
    found = {
        "severity": notification.severity.label,
        "occasion": notification.occasion.value,
        "state": _values(notice.state.value for notice in notification.notices),
        "kind": _values(alert.finding.kind.value for alert in alerts),
        "rule": _values(alert.finding.rule for alert in alerts),
        "function": _values(names),
        "account": _values(function.account for function in functions),
        "region": _values(function.region for function in functions),
        "owner": _values(owner_of(alert) for alert in alerts),
        "environment": _values(environment_of(alert) for alert in alerts),
    }
    return {name: value for name, value in found.items() if value}


def _values(values: Iterable[str]) -> str | tuple[str, ...]:
    different = tuple(dict.fromkeys(values))
    return different[0] if len(different) == 1 else different
