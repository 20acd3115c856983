"""From what a batch says to what is remembered of it: bounded, and with nothing sensitive in it."""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final

from functions.log_watch.engine.observed import Observed, Signal, Times
from functions.log_watch.sensitive.scan import SensitiveSearch
from functions.shared.core.arn import FunctionArn
from functions.shared.core.redaction import redacted
from functions.shared.core.text import plain
from functions.shared.logs.store import Known, Logged, LogStore

MOST_ERRORS: Final = 500
MOST_SIGNALS: Final = 200
MOST_NEW: Final = 20
"""New things of one delivery: the function's code writes the lines, and each costs a write."""

_SAMPLE: Final = 600
_OLDEST: Final = timedelta(days=14)


class Remembering:
    """Writes down what a batch of one stream says.

    Args:
        store: Where.
        search: Takes what is sensitive out of samples.
        now: The time; nothing was logged later, or very long ago.
    """

    def __init__(self, store: LogStore, search: SensitiveSearch, now: datetime) -> None:
        self._store = store
        self._search = search
        self._now = now

    def take_in(
        self, function: FunctionArn, observed: Observed, known: Known, where: tuple[str, str]
    ) -> bool:
        """Write it down.

        Args:
            function: Whose log it is.
            observed: What the lines say.
            known: What is remembered already.
            where: Log group and stream.

        Returns:
            Whether there was anything to judge.
        """
        gaps = observed.gaps
        errors = list(self._errors(observed, where))
        new = MOST_ERRORS - len(known.errors)
        gaps["more kinds of errors than are kept"] += self._write(
            errors, {one.key for one in known.errors}, new, partial(self._store.add_error, function)
        )
        signals = list(self._signals(observed, where))
        new = MOST_SIGNALS - len(known.signals)
        gaps["more kinds of signals than are kept"] += self._write(
            signals,
            {one.key for one in known.signals},
            new,
            partial(self._store.add_signal, function),
        )
        sensitive = list(self._sensitive(observed, where))
        for one in sensitive:
            self._store.add_sensitive(function, one)
        causes = [f"{cause} ({count})" for cause, count in sorted(gaps.items()) if count > 0]
        self._store.delivered(function, known.state, where[0], "; ".join(causes), self._now)
        return bool(errors or signals or sensitive or causes)

    def _write(
        self,
        seen: Iterable[Logged],
        known: set[str],
        room: int,
        add: Callable[[Logged], None],
    ) -> int:
        """Write down what there is room for; the answer is how often the rest was logged."""
        room = min(room, MOST_NEW)
        left_out = 0
        for one in seen:
            if one.key not in known:
                room -= 1
            if one.key in known or room >= 0:
                add(one)
            else:
                left_out += one.count
        return left_out

    def _errors(self, observed: Observed, where: tuple[str, str]) -> Iterator[Logged]:
        for fingerprint, seen in observed.errors.items():
            error = seen.error
            facts = {
                "type": self._safe(error.type, 120),
                "place": self._safe(error.place, 200),
                "message": self._safe(error.message, 200),
                "sample": self._safe(error.sample, _SAMPLE),
                "request": error.request,
                "trace": error.trace,
            }
            yield self._logged(fingerprint, seen.times, where, facts)

    def _signals(self, observed: Observed, where: tuple[str, str]) -> Iterator[Logged]:
        for signal, seen in observed.signals.items():
            facts = {
                "pattern": signal.pattern,
                "action": self._safe(signal.action, 120),
                "resource": self._safe(signal.resource, 300),
                "sample": self._safe(seen.sample, _SAMPLE),
            }
            yield self._logged(key_of(signal), seen.times, where, facts)

    def _sensitive(self, observed: Observed, where: tuple[str, str]) -> Iterator[Logged]:
        for (kind, detail), times in observed.sensitive.items():
            facts = {"kind": kind.value, "detail": detail}
            yield self._logged(f"{kind.value}\0{detail}", times, where, facts)

    def _logged(
        self, key: str, times: Times, where: tuple[str, str], facts: dict[str, str]
    ) -> Logged:
        last = self._time(times.last)
        return Logged(
            key=key,
            count=times.count,
            first=self._time(times.first),
            last=last,
            group=where[0],
            stream=where[1],
            facts=facts,
            hour=last.replace(minute=0, second=0, microsecond=0),
            in_hour=times.count,
            most_in_hour=times.count,
        )

    def _time(self, milliseconds: int) -> datetime:
        try:
            at = datetime.fromtimestamp(milliseconds / 1000, UTC)
        except (OverflowError, OSError, ValueError):
            return self._now
        return min(max(at, self._now - _OLDEST), self._now)

    def _safe(self, text: str, limit: int) -> str:
        return plain(redacted(self._search.without(text)), limit)


def key_of(signal: Signal) -> str:
    """What tells a signal from others, as text."""
    return "\0".join((signal.pattern, signal.action, signal.resource))
