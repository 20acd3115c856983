"""The plot of a replay: one self-contained HTML page."""

from collections.abc import Sequence
from dataclasses import replace
from html import escape
from typing import Final

import numpy as np

from functions.anomaly_detector.metrics.series import Series
from functions.anomaly_detector.metrics.signals import METRICS, Signal
from functions.anomaly_detector.pictures.band import usual_band
from functions.anomaly_detector.pictures.incident_picture import deployed, panel
from functions.anomaly_detector.pictures.picture import Mark, Panel, render
from functions.anomaly_detector.watch.incident import meaningful
from warden.backtest.answers import UNSEEN, marks, rows, summary, unjudged
from warden.backtest.past import Past
from warden.backtest.replay import AlertChange

# Drawn first where there is room for only some.
_ORDER: Final = (
    Signal.INVOCATIONS,
    Signal.ERRORS,
    Signal.THROTTLES,
    Signal.DURATION_P99,
    Signal.CONCURRENCY,
    Signal.DURATION_P50,
)
_STYLE: Final = """
:root{color-scheme:light dark;--ink:#1b1f24;--page:#fff;--rule:#cfd5db}
@media (prefers-color-scheme:dark){:root{--ink:#eef1f4;--page:#14181d;--rule:#3b444e}}
body{margin:1.5rem auto;max-width:60rem;padding:0 1rem;color:var(--ink);background:var(--page);
font:15px/1.5 system-ui,sans-serif}
h1{font-size:1.4rem;margin:0 0 .3rem}svg{max-width:100%;height:auto;display:block;margin:1rem 0}
.wide{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:.9rem}
th,td{text-align:left;vertical-align:top;padding:.4rem .8rem .4rem 0;
border-bottom:1px solid var(--rule)}td:not(:last-child),th{white-space:nowrap}"""
_HEAD: Final = ("When (UTC)", "State", "Severity", "Signal", "Value", "Usual", "Why")


def page(past: Past, changes: Sequence[AlertChange]) -> str:
    """Draw the signals with what is usual and what would have been told."""
    event = marks(changes)
    known = meaningful(past.signals)
    order = sorted(known, key=lambda s: (s not in event, _place(s)))
    panels = [
        _panel(past, signal, known[signal], event.get(signal, ()))
        for signal in order
        if signal in event or _is_drawn(past, signal)
    ]
    name = past.subject.function.name
    drawn = render(
        panels,
        title=name,
        subtitle=f"{past.start:%Y-%m-%d %H:%M} to {past.end:%Y-%m-%d %H:%M} UTC. "
        "Signals that were zero all the time are not drawn.",
        deployments=deployed(past.subject.deployment),
    )
    return "\n".join(
        [
            '<!doctype html><html lang="en"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width,initial-scale=1">',
            f"<title>Backtest of {escape(name)}</title><style>{_STYLE}</style></head><body>",
            f"<h1>Backtest of {escape(name)}</h1>",
            f"<p>{escape(summary(past, changes))}</p>",
            *(f"<p>{escape(line)}</p>" for line in unjudged(past)),
            f"<p>{escape(' '.join([*past.notes, UNSEEN]))}</p>",
            drawn,
            _table(changes, is_whole=past.judging.is_whole),
            "</body></html>",
        ]
    )


def _is_drawn(past: Past, signal: Signal) -> bool:
    judged = METRICS[signal].judged or not past.judging.judged
    return judged and bool(np.nansum(past.signals[signal].values) > 0)


def _panel(past: Past, signal: Signal, known: Series, alerts: tuple[Mark, ...]) -> Panel:
    """The values that mean something with what is usual; all values where none of them does."""
    drawn = panel(
        signal,
        known if np.isfinite(known.values).any() else past.signals[signal],
        usual_band(known),
        limits=past.subject.limits,
        period_seconds=past.period_seconds,
        alerts=alerts,
        shown_from=past.start,
    )
    if signal in past.judging.judged:
        return drawn
    return replace(drawn, name=f"{drawn.name} (not judged)")


def _place(signal: Signal) -> int:
    return _ORDER.index(signal) if signal in _ORDER else len(_ORDER)


def _table(changes: Sequence[AlertChange], *, is_whole: bool) -> str:
    if not changes:
        return "<p>Nothing would have been sent.</p>" if is_whole else ""
    head = "".join(f'<th scope="col">{name}</th>' for name in _HEAD)
    body = "".join(
        f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows(changes)
    )
    return (
        '<div class="wide"><table><caption>What would have been sent</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )
