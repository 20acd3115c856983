"""Drawing signals with what is usual for them, as one self-contained SVG. Pure.

No script, no font, no file is fetched; colours follow the reader's light or dark setting. Every
text is escaped, and the size is bounded however long the series: a column of pixels holds the
lowest and the highest of its values.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import escape
from math import floor, isfinite, log10
from typing import Final

import numpy as np
from numpy.typing import NDArray

from functions.anomaly_detector.metrics.series import Series, when
from functions.shared.core.text import plain

Floats = NDArray[np.float64]

MOST_PANELS: Final = 6
_MOST_MARKS: Final = 60
_WIDTH: Final = 880
_LEFT: Final = 64
_RIGHT: Final = 16
_PLOT: Final = _WIDTH - _LEFT - _RIGHT
_HEAD: Final = 76
_PANEL: Final = 176
_PLOT_TOP: Final = 26
_PLOT_HEIGHT: Final = 118
_FOOT: Final = 12
_LABEL_ROOM: Final = 92
_TICK_HOURS: Final = (0.25, 0.5, 1, 2, 3, 6, 12, 24, 48, 96, 168, 336, 672)
_MOST_TICKS: Final = 9
_SUFFIXES: Final = ((1e9, "G"), (1e6, "M"), (1e3, "k"))

# Contrast of text against its background is 7:1 or more in both settings; what is told by colour
# is told by shape or by words, too.
_STYLE: Final = """
svg{--ink:#1b1f24;--soft:#4a525c;--page:#ffffff;--grid:#dfe3e8;--line:#0b57a4;--band:#bcd9f5;
--alert:#b3261e;--wash:#f9d9d5;--deploy:#6a3aa5;font:13px system-ui,sans-serif}
@media (prefers-color-scheme:dark){svg{--ink:#eef1f4;--soft:#b8c0c9;--page:#14181d;--grid:#323a43;
--line:#8cc4ff;--band:#26425e;--alert:#ff9c93;--wash:#4a2320;--deploy:#cdaaff}}
.page{fill:var(--page)}text{fill:var(--ink)}.head{font-size:17px;font-weight:600}
.name{font-weight:600}.soft{fill:var(--soft);font-size:12px}
.grid{stroke:var(--grid)}.band{fill:var(--band)}
.line{fill:none;stroke:var(--line);stroke-width:1.4;stroke-linejoin:round}.dot{stroke:var(--line);stroke-width:3.2;
stroke-linecap:round}
.wash{fill:var(--wash)}.alert{stroke:var(--alert);stroke-width:1.6}.flag{fill:var(--alert)}
.out{fill:none;stroke:var(--alert);stroke-width:1.4}.told{fill:var(--alert);font-size:12px}
.limit{stroke:var(--ink);stroke-width:1.2;stroke-dasharray:2 4}
.deploy{stroke:var(--deploy);stroke-width:1.6;stroke-dasharray:6 4}.by{fill:var(--deploy);
font-size:12px}"""


@dataclass(frozen=True, slots=True)
class Mark:
    """A moment, or a span, with a few words.

    Attributes:
        at: Its begin.
        text: What it is.
        until: Its end, None for a moment or for what lasts.
        lasts: Whether it had not ended yet.
    """

    at: datetime
    text: str
    until: datetime | None = None
    lasts: bool = False


@dataclass(frozen=True, slots=True)
class Limit:
    """A value that means something by itself, such as the timeout."""

    value: float
    text: str


@dataclass(frozen=True, slots=True)
class Panel:
    """One signal.

    Attributes:
        name: What is shown, with its unit.
        series: Its values; gaps are NaN.
        low: Lower end of what is usual at each point, NaN while unknown.
        high: Upper end of it.
        alerts: What was told of it.
        limit: A line that it should stay below.
    """

    name: str
    series: Series
    low: Floats
    high: Floats
    alerts: tuple[Mark, ...] = ()
    limit: Limit | None = None


def render(
    panels: Sequence[Panel], *, title: str, subtitle: str = "", deployments: Sequence[Mark] = ()
) -> str:
    """Draw panels above each other, on one axis of time.

    Args:
        panels: The signals; more than six are left out, and the subtitle says so.
        title: Whose they are.
        subtitle: One line below it.
        deployments: Drawn through all panels.

    Returns:
        An SVG document: a few tens of kilobytes for each panel at most.
    """
    shown = [panel for panel in panels if len(panel.series)][:MOST_PANELS]
    if left_out := sum(len(panel.series) > 0 for panel in panels) - len(shown):
        subtitle = f"{subtitle} {left_out} more signals are not drawn.".strip()
    height = _HEAD + _PANEL * max(len(shown), 1) + _FOOT
    parts = [*_frame(title, subtitle, _described(shown), height)]
    if not shown:
        parts.append(_text(_LEFT, _HEAD + 40, "There are no values to show.", "soft"))
    else:
        parts += _legend(shown, deployments)
        span = _Span.over(shown)
        for number, panel in enumerate(shown):
            parts += _drawn(panel, span, deployments, _HEAD + number * _PANEL + _PLOT_TOP)
    return "\n".join([*parts, "</svg>"])


@dataclass(frozen=True, slots=True)
class _Span:
    """The axis of time: which second lies at which pixel."""

    start: int
    end: int

    @classmethod
    def over(cls, panels: Sequence[Panel]) -> "_Span":
        first = min(_seconds(panel.series)[0] for panel in panels)
        last = max(_seconds(panel.series)[-1] + _period(panel.series) for panel in panels)
        return cls(int(first), int(last))

    def x(self, second: float) -> float:
        share = (second - self.start) / max(self.end - self.start, 1)
        return _LEFT + _PLOT * min(max(share, 0.0), 1.0)

    def holds(self, at: datetime) -> bool:
        return self.start <= at.timestamp() <= self.end


@dataclass(frozen=True, slots=True)
class _Scale:
    """The axis of values of one panel."""

    low: float
    step: float
    steps: int
    bottom: float

    @classmethod
    def over(cls, panel: Panel, bottom: float) -> "_Scale":
        values = np.concatenate([panel.series.values, panel.low, panel.high])
        known = values[np.isfinite(values)]
        low = min(float(known.min()), 0.0) if known.size else 0.0
        high = max(float(known.max()), low) if known.size else 1.0
        if panel.limit and panel.limit.value <= 3 * high:
            high = max(high, panel.limit.value)
        rough = (high - low) / 3 or 1.0
        power = 10.0 ** floor(log10(rough))
        step = next(power * nice for nice in (1, 2, 2.5, 5, 10) if power * nice >= rough * 0.999)
        start = floor(low / step) * step
        steps = max(1, int(np.ceil((high - start) / step * 0.999)))
        return cls(start, step, steps, bottom)

    def y(self, value: float) -> float:
        share = (value - self.low) / (self.step * self.steps)
        return self.bottom - _PLOT_HEIGHT * min(max(share, 0.0), 1.0)


def _frame(title: str, subtitle: str, description: str, height: int) -> Iterator[str]:
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" '
        f'width="{_WIDTH}" height="{height}" role="img" aria-labelledby="t d">'
    )
    yield f'<title id="t">{_safe(title)}</title><desc id="d">{_safe(description, 900)}</desc>'
    yield f"<style>{_STYLE}</style>"
    yield f'<rect class="page" width="{_WIDTH}" height="{height}"/>'
    yield _text(16, 26, title, "head", limit=90)
    yield _text(16, 46, subtitle, "soft", limit=130)


def _described(panels: Sequence[Panel]) -> str:
    """The picture in words, for those who do not see it."""
    parts = []
    for panel in panels:
        known = panel.series.values[np.isfinite(panel.series.values)]
        reported = "; ".join(f"alert at {mark.at:%Y-%m-%d %H:%M}" for mark in panel.alerts[:5])
        if known.size:
            most = when(panel.series.timestamps[int(np.nanargmax(panel.series.values))])
            parts.append(
                f"{panel.name}: median {_short(float(np.median(known)))}, highest "
                f"{_short(float(known.max()))} at {most:%Y-%m-%d %H:%M}, {reported or 'no alert'}."
            )
    return " ".join(parts)


def _legend(panels: Sequence[Panel], deployments: Sequence[Mark]) -> Iterator[str]:
    yield f'<path class="line" d="M16 62h22"/>{_text(44, 66, "value", "soft")}'
    yield '<rect class="band" x="92" y="56" width="22" height="12"/>'
    yield _text(120, 66, "usual", "soft")
    if any(panel.alerts for panel in panels):
        yield f'<path class="flag" d="M170 56l12 6-12 6z"/>{_text(188, 66, "alert", "soft")}'
        yield '<rect class="wash" x="232" y="56" width="22" height="12"/>'
        yield _text(260, 66, "unusual time", "soft")
    if deployments:
        yield f'<path class="deploy" d="M352 62h24"/>{_text(382, 66, "deployment", "soft")}'
    yield _text(_WIDTH - 16, 66, "times are UTC", "soft", anchor="end")


def _drawn(panel: Panel, span: _Span, deployments: Sequence[Mark], top: float) -> Iterator[str]:
    bottom = top + _PLOT_HEIGHT
    scale = _Scale.over(panel, bottom)
    yield _text(16, top - 9, panel.name, "name", limit=80)
    yield from _washes(panel, span, top)
    yield from _axes(span, scale, top)
    yield from _band(panel, span, scale)
    yield from _limit(panel, scale, top)
    yield from _line(panel.series, span, scale)
    yield from _outside(panel, span, scale)
    yield from _moments(deployments, span, top)
    yield from _flags(panel, span, top)


def _axes(span: _Span, scale: _Scale, top: float) -> Iterator[str]:
    for number in range(scale.steps + 1):
        value = scale.low + number * scale.step
        y = scale.y(value)
        yield f'<path class="grid" d="M{_LEFT} {y:.1f}h{_PLOT}"/>'
        yield _text(_LEFT - 8, y + 4, _short(value), "soft", anchor="end")
    bottom = top + _PLOT_HEIGHT
    hours = (span.end - span.start) / 3600
    every = next((h for h in _TICK_HOURS if hours / h <= _MOST_TICKS), _TICK_HOURS[-1])
    step = int(every * 3600)
    last = -1e9
    for second in range(-(-span.start // step) * step, span.end + 1, step):
        x = span.x(second)
        yield f'<path class="grid" d="M{x:.1f} {bottom}v5"/>'
        if x - last >= _PLOT / (_MOST_TICKS + 4) and x <= _WIDTH - _RIGHT - 14:
            at = datetime.fromtimestamp(second, UTC)
            midnight = every >= 24 or at.hour == at.minute == 0
            text = f"{at:%a} {at.day} {at:%b}" if midnight else f"{at:%H:%M}"
            yield _text(x, bottom + 18, text, "soft", anchor="middle")
            last = x


def _band(panel: Panel, span: _Span, scale: _Scale) -> Iterator[str]:
    """What is usual, as one polygon for each stretch in which it is known."""
    seconds, half = _seconds(panel.series), _period(panel.series) / 2
    known = np.isfinite(panel.low) & np.isfinite(panel.high)
    for rows in _stretches(known):
        picked = _thinned(rows, panel.low, panel.high)
        upper = [(span.x(seconds[i] + half), scale.y(float(panel.high[i]))) for i in picked]
        lower = [(span.x(seconds[i] + half), scale.y(float(panel.low[i]))) for i in picked]
        yield f'<path class="band" d="M{_joined([*upper, *reversed(lower)])}z"/>'


def _line(series: Series, span: _Span, scale: _Scale) -> Iterator[str]:
    """The values: lines within stretches, dots where a value stands alone.

    Where gaps are more frequent than pixels, all of it is dots.
    """
    seconds, half = _seconds(series), _period(series) / 2

    def place(row: int) -> tuple[float, float]:
        return span.x(seconds[row] + half), scale.y(float(series.values[row]))

    stretches = list(_stretches(np.isfinite(series.values)))
    lone = [rows.start for rows in stretches if len(rows) == 1]
    if len(stretches) > _PLOT:
        lone = np.flatnonzero(np.isfinite(series.values)).tolist()
        stretches = []
    lines = [
        f"M{_joined([place(i) for i in _extremes(rows, series.values, span, seconds)])}"
        for rows in stretches
        if len(rows) > 1
    ]
    if lines:
        yield f'<path class="line" d="{"".join(lines)}"/>'
    dots = [place(i) for i in _extremes(lone, series.values, span, seconds)]
    if dots:
        yield f'<path class="dot" d="{"".join(f"M{x:.1f} {y:.1f}h0" for x, y in dots)}"/>'


def _outside(panel: Panel, span: _Span, scale: _Scale) -> Iterator[str]:
    """Rings around the values that left what is usual, within the time of an alert."""
    seconds, half = _seconds(panel.series), _period(panel.series) / 2
    with np.errstate(invalid="ignore"):
        outside = (panel.series.values > panel.high) | (panel.series.values < panel.low)
    inside = np.zeros(len(panel.series), dtype=bool)
    for mark in panel.alerts:
        end = mark.until.timestamp() if mark.until else span.end
        inside |= (seconds >= mark.at.timestamp()) & (seconds < max(end, mark.at.timestamp() + 1))
    rings: dict[int, float] = {}
    for i in np.flatnonzero(inside & outside).tolist():
        x = round(span.x(seconds[i] + half) / 7)
        rings[x] = max(rings.get(x, 0.0), float(panel.series.values[i]))
    for x, value in list(rings.items())[:_MOST_MARKS]:
        yield f'<circle class="out" cx="{x * 7}" cy="{scale.y(value):.1f}" r="3.2"/>'


def _washes(panel: Panel, span: _Span, top: float) -> Iterator[str]:
    for mark in panel.alerts[:_MOST_MARKS]:
        if mark.until is None and not mark.lasts:
            continue
        end = mark.until.timestamp() if mark.until else span.end
        x, right = span.x(mark.at.timestamp()), span.x(end)
        yield (
            f'<rect class="wash" x="{x:.1f}" y="{top}" width="{max(right - x, 1.0):.1f}" '
            f'height="{_PLOT_HEIGHT}"/>'
        )


def _flags(panel: Panel, span: _Span, top: float) -> Iterator[str]:
    for mark, labelled in _labelled(panel.alerts, span):
        x = span.x(mark.at.timestamp())
        yield f'<path class="alert" d="M{x:.1f} {top}v{_PLOT_HEIGHT}"/>'
        said = f"<title>{_safe(mark.text)}</title>"
        yield f'<path class="flag" d="M{x:.1f} {top}l12 6-12 6z">{said}</path>'
        if labelled:
            yield _beside(x, top + 11, mark.text, "told", 15)


def _moments(marks: Sequence[Mark], span: _Span, top: float) -> Iterator[str]:
    for mark, labelled in _labelled(marks, span):
        x = span.x(mark.at.timestamp())
        yield (
            f'<path class="deploy" d="M{x:.1f} {top}v{_PLOT_HEIGHT}">'
            f"<title>{_safe(mark.text)}</title></path>"
        )
        if labelled:
            yield _beside(x, top + 27, mark.text, "by", 5)


def _labelled(marks: Sequence[Mark], span: _Span) -> Iterator[tuple[Mark, bool]]:
    """The marks within the picture, and whether there is room for the words of each."""
    last = -1e9
    for mark in sorted(marks, key=lambda mark: mark.at)[:_MOST_MARKS]:
        if span.holds(mark.at):
            x = span.x(mark.at.timestamp())
            roomy = x - last >= _LABEL_ROOM
            last = x if roomy else last
            yield mark, roomy


def _limit(panel: Panel, scale: _Scale, top: float) -> Iterator[str]:
    if panel.limit and panel.limit.value <= scale.low + scale.step * scale.steps:
        y = scale.y(panel.limit.value)
        yield f'<path class="limit" d="M{_LEFT} {y:.1f}h{_PLOT}"/>'
        below = y + 13 if y - top < _PLOT_HEIGHT / 2 else y - 4
        yield _text(_LEFT + 6, below, panel.limit.text, "soft", limit=60)


def _stretches(known: NDArray[np.bool_]) -> Iterator[range]:
    """Runs of known points."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], known, [False]]).astype(np.int8)))
    for start, stop in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        yield range(start, stop)


def _thinned(rows: range, low: Floats, high: Floats) -> list[int]:
    """The rows at which a band changes, at most about one for each pixel."""
    every = rows[:: max(1, len(rows) // _PLOT)]
    shown = [(float(low[i]), float(high[i])) for i in every]
    changes = [i for i in range(1, len(every)) if shown[i] != shown[i - 1]]
    kept = sorted({0, len(every) - 1, *changes, *(i - 1 for i in changes)})
    return [every[i] for i in kept]


def _extremes(
    rows: Sequence[int], values: Floats, span: _Span, seconds: NDArray[np.int64]
) -> list[int]:
    """Of every column of pixels the lowest and the highest row, in order of time."""
    columns: dict[int, list[int]] = {}
    for i in rows:
        column = int(span.x(seconds[i]))
        held = columns.setdefault(column, [i, i])
        if values[i] < values[held[0]]:
            held[0] = i
        if values[i] > values[held[1]]:
            held[1] = i
    return [i for held in columns.values() for i in sorted(set(held))]


def _joined(points: Sequence[tuple[float, float]]) -> str:
    return "L".join(f"{x:.1f} {y:.1f}" for x, y in points)


def _beside(x: float, y: float, text: str, style: str, gap: int) -> str:
    """Words to the right of a mark, or to its left where the picture ends."""
    if x > _WIDTH - _RIGHT - 4 * _LABEL_ROOM // 3:
        return _text(x - 5, y, text, style, anchor="end", limit=34)
    return _text(x + gap, y, text, style, limit=34)


def _text(
    x: float, y: float, text: str, style: str, *, anchor: str = "start", limit: int = 120
) -> str:
    place = "" if anchor == "start" else f' text-anchor="{anchor}"'
    return f'<text class="{style}" x="{x:.1f}" y="{y:.1f}"{place}>{_safe(text, limit)}</text>'


def _safe(text: str, limit: int = 200) -> str:
    return escape(plain(text, limit))


def _short(value: float) -> str:
    """A value as an axis writes it: `1.2k`."""
    if not isfinite(value):
        return "?"
    for size, suffix in _SUFFIXES:
        if abs(value) >= size:
            return f"{value / size:.4g}{suffix}"
    return f"{value:.3g}"


def _seconds(series: Series) -> NDArray[np.int64]:
    return series.timestamps.astype("datetime64[s]").astype(np.int64)


def _period(series: Series) -> int:
    seconds = _seconds(series)
    return int(seconds[1] - seconds[0]) if len(seconds) > 1 else int(timedelta(minutes=5).seconds)
