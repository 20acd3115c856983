"""The replay as one SVG that needs nothing else."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from itertools import accumulate
from math import log10
from typing import Final

from demo.attack.replay import Replay
from demo.attack.traffic import Attack

_WIDTH: Final = 960
_LEFT: Final = 70
_RIGHT: Final = 20
_PANEL: Final = 150
_GAP: Final = 46
_TOP: Final = 78
_WITH: Final = "#0b7a4b"
_WITHOUT: Final = "#c2410c"
_INK: Final = "#1f2937"


@dataclass(frozen=True, slots=True)
class _Panel:
    """One chart: its title, two lines, and marks on its axis (value and label)."""

    title: str
    without: Sequence[float]
    guarded: Sequence[float]
    marks: Sequence[tuple[float, str]]


def picture(attack: Attack, guarded: Replay, without: Replay) -> str:
    """Draw both runs below each other on one axis of time."""
    panels = (
        _Panel(
            "Invocations a minute (logarithmic)",
            [_log(one.served) for one in without.minutes],
            [_log(one.served) for one in guarded.minutes],
            [(n, f"{10**n:,}") for n in range(1, 7)],
        ),
        _money(attack, guarded, without),
        _Panel(
            "Share of healthy calls that were served",
            [one.share for one in without.minutes],
            [one.share for one in guarded.minutes],
            [(0, "0 %"), (0.5, "50 %"), (1, "100 %")],
        ),
    )
    height = _TOP + len(panels) * (_PANEL + _GAP) + 34
    body = [_head(attack, guarded, without)]
    for number, panel in enumerate(panels):
        body.append(_drawn(panel, _TOP + number * (_PANEL + _GAP), attack, guarded))
    body.append(_times(guarded, height - 26))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" '
        f'font-family="ui-sans-serif, system-ui, sans-serif" font-size="12" fill="{_INK}">\n'
        f'<rect width="{_WIDTH}" height="{height}" fill="#ffffff"/>\n'
        + "\n".join(body)
        + "\n</svg>\n"
    )


def _money(attack: Attack, guarded: Replay, without: Replay) -> _Panel:
    spent = list(accumulate(without.costs(attack)))
    top = 10 ** int(log10(spent[-1]))
    step = next(s * top for s in (0.2, 0.5, 1, 2, 5) if spent[-1] / (s * top) <= 5)
    marks = [step * n for n in range(int(spent[-1] / step) + 1)]
    return _Panel(
        "USD spent on the function since the start",
        spent,
        list(accumulate(guarded.costs(attack))),
        [(mark, f"${mark:,.0f}") for mark in marks],
    )


def _head(attack: Attack, guarded: Replay, without: Replay) -> str:
    return (
        f'<text x="{_LEFT}" y="26" font-size="17" font-weight="600">A flood of '
        f"{attack.factor:,.0f} times the usual traffic, for {attack.minutes} minutes</text>\n"
        f'<rect x="{_LEFT}" y="40" width="22" height="4" fill="{_WITHOUT}"/>'
        f'<text x="{_LEFT + 28}" y="46">without the guard: ${sum(without.costs(attack)):,.2f}, '
        f"{len(without.suffering)} min with healthy calls refused</text>\n"
        f'<rect x="{_LEFT + 430}" y="40" width="22" height="4" fill="{_WITH}"/>'
        f'<text x="{_LEFT + 458}" y="46">with it: ${sum(guarded.costs(attack)):,.2f}, '
        f"{len(guarded.suffering)} min with healthy calls refused</text>"
    )


def _drawn(panel: _Panel, top: float, attack: Attack, guarded: Replay) -> str:
    most = max(*panel.without, *panel.guarded, panel.marks[-1][0])
    least = min(panel.marks[0][0], *panel.without, *panel.guarded)
    across = _across(guarded)

    def down(value: float) -> float:
        return top + _PANEL - (value - least) / (most - least) * _PANEL

    begin = sum(1 for one in guarded.minutes if one.at < attack.start)
    end = begin + attack.minutes
    parts = [
        f'<text x="{_LEFT}" y="{top - 10}" font-weight="600">{escape(panel.title)}</text>',
        _attacked(across(begin), across(end), top),
    ]
    for value, label in panel.marks:
        if least <= value <= most:
            parts.append(
                f'<line x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{down(value):.1f}" '
                f'y2="{down(value):.1f}" stroke="#d1d5db" stroke-width="0.7"/>'
                f'<text x="{_LEFT - 8}" y="{down(value) + 4:.1f}" text-anchor="end" '
                f'fill="#6b7280">{escape(label)}</text>'
            )
    parts += [
        _line(panel.without, _WITHOUT, across, down),
        _line(panel.guarded, _WITH, across, down),
    ]
    return "\n".join(parts)


def _attacked(begin: float, end: float, top: float) -> str:
    size = f'width="{end - begin:.1f}" height="{_PANEL}"'
    return f'<rect x="{begin:.1f}" y="{top}" {size} fill="#fef3c7"/>'


def _line(
    values: Sequence[float],
    colour: str,
    across: Callable[[float], float],
    down: Callable[[float], float],
) -> str:
    points = " ".join(f"{across(i):.1f},{down(value):.1f}" for i, value in enumerate(values))
    return f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="1.6"/>'


def _times(guarded: Replay, y: float) -> str:
    across = _across(guarded)
    return "\n".join(
        f'<text x="{across(index):.1f}" y="{y}" text-anchor="middle" fill="#6b7280">'
        f"{minute.at:%H:%M}</text>"
        for index, minute in enumerate(guarded.minutes)
        if minute.at.minute == 0
    )


def _across(guarded: Replay) -> Callable[[float], float]:
    width = (_WIDTH - _LEFT - _RIGHT) / max(1, len(guarded.minutes) - 1)
    return lambda index: _LEFT + index * width


def _log(value: float) -> float:
    return log10(max(1.0, value))
