"""Waivers that reach far: people hear of each, because nobody hears of what it accepts. Pure."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from functions.shared.alerting.alert import Alert
from functions.shared.alerting.finding import Finding, Kind, Verdict
from functions.shared.core.arn import FunctionArn
from functions.shared.core.severity import Severity
from functions.shared.core.text import plain
from functions.shared.muting.borders import names_one_function
from functions.shared.muting.waiver import Waiver

RULE: Final = "far-reaching-waiver"


def check(
    waivers: Iterable[Waiver],
    alerts: Sequence[Alert],
    notifier: FunctionArn,
    now: datetime,
    *,
    stopping: frozenset[str] = frozenset(),
) -> Verdict:
    """Fail for each waiver in force that is about more than one function, or cancels something.

    Args:
        waivers: All waivers.
        alerts: Every open alert.
        notifier: Warden's function that heeds waivers; the findings are about it.
        now: The time.
        stopping: Rules for whose findings a function may be stopped.
    """
    found = []
    for waiver in waivers:
        if not waiver.is_active(now):
            continue
        cancelled = [one for one in alerts if _is_cancelled(one, waiver, stopping)]
        if cancelled or not names_one_function(waiver.matcher):
            found.append(_finding(waiver, cancelled, notifier))
    return Verdict(RULE, tuple(found))


def _is_cancelled(alert: Alert, waiver: Waiver, stopping: frozenset[str]) -> bool:
    finding = alert.finding
    weighs = finding.severity is Severity.CRITICAL or finding.rule in stopping
    return alert.is_open and weighs and waiver.matcher.matches(alert)


def _finding(waiver: Waiver, cancelled: Sequence[Alert], notifier: FunctionArn) -> Finding:
    names = sorted({one.finding.name for one in cancelled})
    reaches = [] if names_one_function(waiver.matcher) else ["It is about more than one function."]
    if cancelled:
        reaches.append(
            f"It keeps {'critical alerts' if len(cancelled) > 1 else 'a critical alert'}, or "
            "one for which the guard would act, from people and from the guard: about "
            f"{plain(names[0], 100)}{f' and {len(names) - 1} more' if len(names) > 1 else ''}."
        )
    written = waiver.source or waiver.created_by or "a command"
    return Finding(
        rule=RULE,
        kind=Kind.COVERAGE,
        severity=Severity.HIGH if cancelled else Severity.MEDIUM,
        severity_reason="Nobody hears of what it accepts, and nothing is done about it."
        if cancelled
        else "Nobody hears of what it accepts, of functions to come either.",
        function=notifier,
        title="A waiver keeps something critical quiet" if cancelled else "A waiver reaches far",
        reason=f"{waiver.owner} accepts {plain(waiver.matcher, 400)} until "
        f"{waiver.expires:%Y-%m-%d} ({waiver.reason}), as {written} says. {' '.join(reaches)}",
        remedy="If that is not wanted, "
        + (
            f"take it out of {waiver.source} in Warden's bucket."
            if waiver.source
            else f"remove it: warden waive --remove {waiver.id}"
        ),
        subject=waiver.id,
        evidence={
            "waiver": waiver.id,
            "matches": str(waiver.matcher),
            "owner": waiver.owner,
            "expires": waiver.expires.isoformat(),
            "source": waiver.source,
            "critical": names,
        },
        update_key=f"{waiver.expires.isoformat()} {waiver.reason} {', '.join(names)}",
    )
