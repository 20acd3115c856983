"""What a replay would have sent: rows for people, JSON for programs, marks in a picture."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from math import isfinite, isnan
from typing import Final

from functions.anomaly_detector.metrics.signals import METRICS, Signal
from functions.anomaly_detector.pictures.picture import Mark
from functions.anomaly_detector.rules import (
    error_rate,
    near_concurrency_limit,
    near_memory_limit,
    near_timeout,
    throttled,
)
from functions.anomaly_detector.rules.explain import number
from functions.shared.alerting.alert import State
from warden.backtest.past import Past
from warden.backtest.replay import AlertChange
from warden.backtest.rhythm import Rhythm
from warden.output import columns

_SIGNAL_OF: Final[Mapping[str, Signal]] = {
    near_timeout.RULE: Signal.DURATION_P99,
    error_rate.RULE: Signal.ERRORS,
    throttled.RULE: Signal.THROTTLES,
    near_memory_limit.RULE: Signal.MEMORY,
    near_concurrency_limit.RULE: Signal.CONCURRENCY,
}
UNSEEN: Final = (
    "Not replayed: flows, traces, caps, and how the notifier holds back alerts that come and go."
)
"""What no replay knows, whatever it was given."""
_HEAD: Final = ("WHEN (UTC)", "STATE", "SEVERITY", "SIGNAL", "VALUE", "USUAL", "WHY")


def rows(changes: Sequence[AlertChange]) -> list[tuple[str, ...]]:
    """One row for each change, and one for each further signal of an incident."""
    found: list[tuple[str, ...]] = []
    for one in changes:
        finding, state = one.alert.finding, one.alert.state
        head = (f"{one.at:%Y-%m-%d %H:%M}", state.value, finding.severity.label)
        why = finding.reason if state is not State.RESOLVED else _ending(one)
        deviations = one.incident.deviations if one.incident else ()
        if not deviations:
            signal = _SIGNAL_OF.get(finding.rule)
            found.append((*head, signal.value if signal else finding.rule, "", "", why))
        for index, deviation in enumerate(deviations):
            unit = METRICS[deviation.signal].unit
            found.append(
                (
                    *(head if index == 0 else ("", "", "")),
                    deviation.signal.value,
                    f"{number(deviation.current)} {unit}".strip(),
                    f"{number(deviation.usual)} {unit}".strip(),
                    why if index == 0 else "",
                )
            )
    return found


def _ending(one: AlertChange) -> str:
    title, note = one.alert.finding.title, one.alert.history[-1].note
    return f"{title}: {note}" if note else f"Over: {title}"


def as_table(past: Past, changes: Sequence[AlertChange]) -> str:
    """The answer for people."""
    lines = columns([_HEAD, *rows(changes)]) if changes else []
    rhythm = past.rhythm
    words = [rhythm.text] if rhythm else []
    return "\n".join([*lines, summary(past, changes), *words, *unjudged(past), *past.notes, UNSEEN])


def summary(past: Past, changes: Sequence[AlertChange]) -> str:
    """How many alerts in which time."""
    opened = sum(one.alert.state is State.OPENED for one in changes)
    alerts = {0: "No alert", 1: "One alert"}.get(opened, f"{opened} alerts")
    if not changes and not past.judging.judged:
        alerts = "Unknown, as nothing could be judged,"
    elif not changes and not past.judging.is_whole:
        alerts = "No alert in what could be judged, which is not all,"
    return (
        f"{alerts} from {past.start:%Y-%m-%d %H:%M} to {past.end:%Y-%m-%d %H:%M} UTC for "
        f"{past.subject.function.name}."
    )


def unjudged(past: Past) -> list[str]:
    """What was not judged, one line each."""
    return [
        f"{'Not judged' if one.unknown else 'Not judged, live neither'}: {one.signal}: {one.why}."
        for one in past.judging.unjudged
    ]


def as_json(past: Past, changes: Sequence[AlertChange], plot: str) -> str:
    """The answer for programs."""
    return json.dumps(
        {
            "function": past.subject.function.name,
            "from": past.start.isoformat(),
            "to": past.end.isoformat(),
            "periodSeconds": past.period_seconds,
            "alerts": [_fields(one) for one in changes],
            "judged": [signal.value for signal in past.judging.judged],
            "notJudged": [
                {"signal": one.signal.value, "why": one.why, "unknown": one.unknown}
                for one in past.judging.unjudged
            ],
            "isWhole": past.judging.is_whole,
            "rhythm": _rhythm(past.rhythm),
            "notes": [*past.notes, UNSEEN],
            "plot": plot,
        },
        indent=2,
    )


def _rhythm(rhythm: Rhythm | None) -> dict[str, object] | None:
    if rhythm is None:
        return None
    missed = rhythm.missed_after
    return {
        "text": rhythm.text,
        "isSchedule": rhythm.is_schedule,
        "callsByHourOfWeek": [None if isnan(one) else round(one, 2) for one in rhythm.hourly],
        "longestPauseMinutes": rhythm.longest_pause,
        "silenceReportedAfterMinutes": missed / timedelta(minutes=1) if missed else None,
    }


def marks(changes: Sequence[AlertChange]) -> dict[Signal, tuple[Mark, ...]]:
    """Where the alerts stand in each signal's picture, from what they tell of to their end."""
    open_marks: dict[tuple[str, Signal], Mark] = {}
    done: dict[Signal, list[Mark]] = {}
    for one in changes:
        rule = one.alert.finding.rule
        if one.alert.state is not State.RESOLVED:
            for signal, mark in _begun(one):
                open_marks.setdefault((rule, signal), mark)
            continue
        for key in [key for key in open_marks if key[0] == rule]:
            ended = replace(open_marks.pop(key), until=one.at, lasts=False)
            done.setdefault(key[1], []).append(ended)
    for (_, signal), mark in open_marks.items():
        done.setdefault(signal, []).append(mark)
    return {signal: tuple(sorted(found, key=lambda m: m.at)) for signal, found in done.items()}


def _begun(one: AlertChange) -> Iterator[tuple[Signal, Mark]]:
    if one.incident:
        for deviation in one.incident.deviations:
            text = f"{number(deviation.current)} instead of {number(deviation.usual)}"
            yield deviation.signal, Mark(deviation.since, text, lasts=True)
    elif signal := _SIGNAL_OF.get(one.alert.finding.rule):
        yield signal, Mark(one.at, one.alert.finding.title, lasts=True)


def _fields(one: AlertChange) -> dict[str, object]:
    finding = one.alert.finding
    return {
        "at": one.at.isoformat(),
        "state": one.alert.state.value,
        "severity": finding.severity.label,
        "rule": finding.rule,
        "title": finding.title,
        "explanation": finding.reason,
        "signals": [
            {
                "signal": deviation.signal.value,
                "since": deviation.since.isoformat(),
                "value": deviation.current if isfinite(deviation.current) else None,
                "usual": deviation.usual,
                "peak": deviation.peak,
                "score": round(deviation.score, 3),
            }
            for deviation in (one.incident.deviations if one.incident else ())
        ],
    }
