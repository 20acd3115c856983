"""The account as a whole: a runaway that it shows is an incident of its own. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import isinf
from typing import Final

from functions.anomaly_detector.account.tripwire import (
    ACCOUNT_METRICS,
    RUNAWAY,
    AccountSignal,
    Trip,
)
from functions.anomaly_detector.metrics.series import Series, when
from functions.anomaly_detector.rules.explain import number
from functions.shared.alerting.finding import Finding, Kind, Verdict
from functions.shared.core.arn import FunctionArn
from functions.shared.core.severity import Severity
from functions.shared.core.text import listed

RULE: Final = "account-runaway"

_DRIVES_THE_BILL: Final = frozenset(
    {AccountSignal.CALLS, AccountSignal.BUSY, AccountSignal.CONCURRENCY}
)
_OVER_MINUTES: Final = 5
_PATIENCE: Final = timedelta(minutes=3)


@dataclass(frozen=True, slots=True)
class AccountIncident:
    """A runaway of the account.

    Attributes:
        since: The first minute.
        last_out: The last minute out of what is usual.
        usual: The highest expected value of each signal that left it, frozen at the beginning.
        peak: The highest value of each.
        current: The newest value of each.
        limit: The account's concurrency, where it is nearly used up.
    """

    since: datetime
    last_out: datetime
    usual: Mapping[AccountSignal, float]
    peak: Mapping[AccountSignal, float]
    current: Mapping[AccountSignal, float]
    limit: int | None = None


def follow(
    incident: AccountIncident | None,
    account: Mapping[AccountSignal, Series],
    found: list[Trip],
    *,
    limit: int | None,
    share: float,
) -> AccountIncident | None:
    """The incident as of the newest minutes; None where there is none, or it is over.

    Args:
        incident: As it was a minute ago.
        account: The newest day of minutes.
        found: What stands out in them.
        limit: The account's concurrency limit, None while unknown.
        share: Share of the limit that is too high, whatever is usual.
    """
    newest = _newest(account)
    if newest is None:
        return incident  # not being able to look ends nothing
    current = {signal: _latest(series) for signal, series in account.items() if len(series)}
    used = current.get(AccountSignal.CONCURRENCY, 0.0)
    nearly_full = limit is not None and used >= share * limit
    runaways = {
        trip.signal: trip
        for trip in found
        if trip.signal in _DRIVES_THE_BILL and trip.factor >= RUNAWAY
    }
    usual = {signal: trip.ceiling for signal, trip in runaways.items()}
    if incident is None:
        if not runaways and not nearly_full:
            return None
        if nearly_full:
            usual.setdefault(AccountSignal.CONCURRENCY, used)
        since = min((trip.at for trip in runaways.values()), default=newest)
        incident = AccountIncident(since, newest, usual, {}, {})
    usual = {**usual, **incident.usual}
    # What CloudWatch did not tell of now is as it was.
    current = {signal: current.get(signal, incident.current.get(signal, 0.0)) for signal in usual}
    out = nearly_full or any(current[s] > highest for s, highest in incident.usual.items())
    incident = replace(
        incident,
        usual=usual,
        last_out=newest if out else incident.last_out,
        current=current,
        peak={s: max(incident.peak.get(s, 0.0), current[s]) for s in usual},
        limit=limit if nearly_full else incident.limit,
    )
    # However long it lasts: nobody said that it is usual.
    is_over = newest - incident.last_out >= timedelta(minutes=_OVER_MINUTES)
    return None if is_over else incident


def is_worth_telling(incident: AccountIncident) -> bool:
    """Whether to tell of it although no function is under suspicion yet.

    A culprit is usually found a minute or two later, and named in the first message then.
    """
    return incident.limit is not None or incident.last_out - incident.since >= _PATIENCE


def verdict(
    detector: FunctionArn, incident: AccountIncident | None, suspects: list[str]
) -> Verdict:
    """One finding for the account, filed under Warden's own detector, which saw it.

    Args:
        detector: The anomaly-detector.
        incident: What the account shows, None when nothing.
        suspects: Functions under suspicion.
    """
    if incident is None:
        return Verdict(RULE)
    shown = [
        _shown(signal, incident.current.get(signal, 0.0), highest, incident.limit)
        for signal, highest in incident.usual.items()
    ]
    whose = (
        f" Under suspicion: {listed(suspects)}."
        if suspects
        else " No single function stands out yet."
    )
    since = f"{incident.since:%Y-%m-%d %H:%M} UTC"
    full = incident.limit is not None
    finding = Finding(
        rule=RULE,
        kind=Kind.ANOMALY,
        severity=Severity.CRITICAL if full else Severity.HIGH,
        severity_reason="Once it is used up, calls of every function in the account are refused."
        if full
        else "It costs money and takes concurrency from every function.",
        function=detector,
        title=_title(incident),
        reason=f"Over all functions of this account and region: {'; '.join(shown)}. "
        f"It began at {since}.{whose}",
        remedy="Look at the functions under suspicion; each has an alert of its own. If there is "
        "none, the link `By function` shows the ten that run most often at once.",
        evidence={
            "since": incident.since.isoformat(),
            **{
                f"{signal.value.replace(' ', '_')}_{field}": values.get(signal, 0.0)
                for signal in incident.usual
                for field, values in (
                    ("current", incident.current),
                    ("usual_highest", incident.usual),
                    ("peak", incident.peak),
                )
            },
            "suspects": suspects,
        },
        update_key="full" if full else "",
    )
    return Verdict(RULE, (finding,))


def _title(incident: AccountIncident) -> str:
    running = incident.current.get(AccountSignal.CONCURRENCY)
    if incident.limit is not None and running is not None:
        return f"{number(running)} of the account's {incident.limit:,} executions are in use"
    return "The load of the whole account is far above usual"


def _shown(signal: AccountSignal, value: float, highest: float, limit: int | None) -> str:
    unit = ACCOUNT_METRICS[signal].unit
    text = f"{signal.value} {number(value)}{f' {unit}' if unit else ''}"
    if signal is AccountSignal.CONCURRENCY and limit is not None:
        text += f" of {limit:,}"
    factor = value / highest if highest > 0 else float("inf")
    if isinf(factor) or factor <= 1.0:
        return text
    return f"{text}, {number(factor)} times the highest of the day before"


def _newest(account: Mapping[AccountSignal, Series]) -> datetime | None:
    times = [when(series.timestamps[-1]) for series in account.values() if len(series)]
    return max(times, default=None)


def _latest(series: Series) -> float:
    # The newest minute may still be arriving; what the two before it showed holds until then.
    return float(series.values[-2:].max())
