"""What the dashboard asks Warden's own log lines, in the language of CloudWatch Logs Insights.

Such a question is charged by the bytes that lie in the log groups and the time that it is asked of,
whatever it filters, and only when somebody looks. The fields are those of the lines as the code
writes them; a test runs each question on such lines.
"""

from functions.shared.core.severity import Severity

_WORST_FIRST = tuple(reversed(Severity))


def open_now() -> str:
    """How many alerts are open, as counted last; to the notifier's log."""
    counts = [f"latest(open_{severity.label}) as {severity.label}" for severity in _WORST_FIRST]
    counts += [
        "latest(muted) as accepted_or_muted",
        "latest(not_looked_at) as not_looked_at",
        "latest(in_force) as actions_in_force",
    ]
    return _ask("open alerts counted", counts)


def open_by_severity() -> str:
    """How many alerts were open, hour by hour; to the notifier's log."""
    counts = [f"max(open_{severity.label}) as {severity.label}" for severity in _WORST_FIRST]
    return _ask("open alerts counted", counts, hours=1)


def actions_and_gaps() -> str:
    """How many actions stood, and what could not be looked at; to the notifier's log."""
    counts = ["max(in_force) as actions_in_force", "max(not_looked_at) as not_looked_at"]
    return _ask("open alerts counted", counts, hours=1)


def functions_now() -> str:
    """How many functions there are, as listed last; to the sweep's log."""
    return _ask("estate swept", ["latest(functions) as in_the_estate"])


def functions_over_time(hours: int) -> str:
    """How many functions there were; to the sweep's log.

    Args:
        hours: Time between two sweeps.
    """
    return _ask("estate swept", ["max(functions) as in_the_estate"], hours=hours)


def cost_by_day() -> str:
    """What a month of such use costs, as estimated each day; to the reporter's log."""
    sums = ["max(usd_metrics_read) as metrics_read", "max(usd_rest) as everything_else"]
    return _ask("cost estimated", sums, hours=24)


def what_went_wrong() -> str:
    """What Warden logged as errors, the most frequent first; to the logs of all parts."""
    return (
        'filter level = "ERROR"'
        " | stats count(*) as times, latest(timestamp) as last by service, message"
        " | sort times desc"
        " | limit 20"
    )


def _ask(message: str, wanted: list[str], *, hours: int = 0) -> str:
    by_time = f" by bin({hours}h)" if hours else ""
    return f'filter message = "{message}" | stats {", ".join(wanted)}{by_time}'
