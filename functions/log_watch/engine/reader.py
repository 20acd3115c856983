"""Reading lines: one look of the engine at each, and more only at those that deserve it.

This is the loop that every line of the estate goes through. It makes no object for a line that says
nothing, and asks the engine once for signals and for what is sensitive together.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from functions.log_watch.engine.catalogue import Pattern
from functions.log_watch.engine.errors import Error, error_of
from functions.log_watch.engine.matcher import Matcher
from functions.log_watch.engine.observed import Observed, Signal
from functions.log_watch.engine.report import read_report
from functions.log_watch.engine.text import clean
from functions.log_watch.sensitive.scan import LONG, SensitiveSearch

# An error says so itself: by its level, by a stack trace, or by an exception's name with a message.
_ERRORS: Final = (
    r"(?:^|[\s\[|<\"'=(])(?:ERROR|FATAL|CRITICAL|SEVERE)(?:[\s\]|>:\"',)]|$)",
    r"(?i)\"(?:level|log_?level|severity|lvl)\"\s{0,3}:\s{0,3}\"(?:error|fatal|critical|emerg(?:ency)?|alert)\"",
    r"(?i)(?:^|\s)(?:level|severity|lvl)=\"?(?:error|fatal|critical)",
    r"\"level\"\s{0,3}:\s{0,3}(?:50|60)[,}]",
    r"\"errorType\"\s{0,3}:\s{0,3}\"",
    r"Traceback \(most recent call last\)",
    r"(?:^|[\s.(\[])[A-Z][A-Za-z0-9]{0,80}(?:Error|Exception)(?:: |\r|\n|$)",
    r"(?:^|\n)panic: ",
    r"\.rb:\d{1,6}:in [`']",
)
_WARNINGS: Final = (
    r"(?:^|[\s\[|<\"'=(])WARN(?:ING)?(?:[\s\]|>:\"',)]|$)",
    r"(?i)\"(?:level|log_?level|severity|lvl)\"\s{0,3}:\s{0,3}\"warn(?:ing)?\"",
    r"(?i)(?:^|\s)(?:level|severity|lvl)=\"?warn",
)
_REPORTS: Final = (r"^REPORT RequestId: ", r"\"type\"\s?:\s?\"platform\.report\"")

# Terminal sequences and zero characters, which may stand within a word.
_UNCLEAN: Final = (r"[\x1b\x00]|\\u001[bB]",)

_ERROR, _WARNING, _REPORT, _HIDDEN = range(4)
_FEW: Final = 4
_CONTINUED: Final = 60
_MORE: Final = ("Caused by", "Suppressed", "goroutine ", "During handling", "The above exception")
_UUID: Final = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
_NO_DIGITS: Final = dict.fromkeys(map(ord, "0123456789"))
_MOST_SHAPES: Final = 4096
_SHAPE: Final = 4096
_SAMPLE: Final = 6000
_OWN_SENSOR: Final = '"warden_sensor"'
# CloudWatch Logs takes events of up to a mebibyte, older clients cut at a quarter: what is that
# long may go on in the next event, and a value may stand across the cut.
_CUT: Final = 255 * 1024
_SEAM: Final = 256


class LogReader:
    """Reads batches of lines.

    Args:
        patterns: Patterns of signals.
        search: What is sensitive; None: nothing is searched for.
    """

    def __init__(self, patterns: Sequence[Pattern], search: SensitiveSearch | None) -> None:
        self._patterns = tuple(patterns)
        self._search = search
        roles = [(one, _ERROR) for one in _ERRORS]
        roles += [(one, _WARNING) for one in _WARNINGS]
        roles += [(one, _REPORT) for one in _REPORTS]
        roles += [(one, _HIDDEN) for one in _UNCLEAN]
        roles += [
            (expression, _FEW + number)
            for number, pattern in enumerate(self._patterns)
            for expression in pattern.expressions
        ]
        self._first_search = _FEW + len(self._patterns)
        if search:
            roles += [(one, self._first_search + number) for one, number in search.expressions]
        self._roles = tuple(role for _, role in roles)
        self._matcher = Matcher([expression for expression, _ in roles])
        self._shapes: dict[str, str] = {}

    def read(self, events: Sequence[Mapping[str, Any]], into: Observed) -> None:
        """Read the lines of one stream, in order.

        Args:
            events: What CloudWatch Logs delivered: each with `timestamp` and `message`.
            into: Takes in what they say.
        """
        found: list[int] = []
        scan = self._matcher.scan_into(found)
        joined_until = 0
        minute = in_minute = read = 0
        for number, event in enumerate(events):
            try:
                at, line = event["timestamp"], event["message"]
                long = len(line) > LONG
                if not long and line:
                    scan(line.encode(errors="replace"))
                if at // 60_000 != minute:
                    into.count("lines", minute * 60_000, in_minute)
                    minute, in_minute = at // 60_000, 0
            except (KeyError, TypeError, AttributeError):
                into.gaps["events of an unknown form"] += 1
                found.clear()
                continue
            in_minute += 1
            read += 1
            if not found and not long:
                continue
            line, called = self._called(line, found, at, into)
            found.clear()
            if long and len(line) >= _CUT and number + 1 < len(events):
                self._read_seam(line, events[number + 1], at, into)
            if _ERROR in called and number >= joined_until:
                whole, joined_until = _joined(line, events, number)
                self._error(whole, at, into)
            self._take(line, called, at, into)
        into.count("lines", minute * 60_000, in_minute)
        into.lines += read

    def _called(self, line: str, found: list[int], at: int, into: Observed) -> tuple[str, set[int]]:
        """The line as people would read it, and the roles of what occurs in it."""
        called = {self._roles[one] for one in found}
        if not found or _HIDDEN in called:
            line = clean(line)
            if len(line) > LONG:
                return line, self._read_long(line, at, into)
            called = {self._roles[one] for one in self._matcher.hits(_bytes(line))}
        return line, called

    def _take(self, line: str, called: set[int], at: int, into: Observed) -> None:
        if _WARNING in called and _ERROR not in called:
            into.count("warnings", at)
        if _REPORT in called and (report := read_report(line)):
            into.memory.add(report)
            into.count("reports", at)
        sensitive: set[int] = set()
        for role in called:
            if role >= self._first_search:
                sensitive.add(role - self._first_search)
            elif role >= _FEW:
                self._signal(self._patterns[role - _FEW], line, at, into)
        if sensitive and self._search and len(line) <= LONG and _OWN_SENSOR not in line:
            kinds = {(one.kind, one.detail) for one in self._search.search(line, sensitive)}
            for kind, detail in kinds:
                into.add_sensitive(kind, detail, at)

    def _read_long(self, line: str, at: int, into: Observed) -> set[int]:
        """Read a very long line in pieces; the answer is what its pieces call for."""
        called: set[int] = set()
        for start in range(0, len(line), LONG):
            piece = line[start : start + LONG + 1024]
            called.update(self._roles[one] for one in self._matcher.hits(_bytes(piece)))
        if self._search and any(role >= self._first_search for role in called):
            found, unread = self._search.look(line)
            for kind, detail in {(one.kind, one.detail) for one in found}:
                into.add_sensitive(kind, detail, at)
            if unread:
                into.gaps["very long lines, not searched to their end"] += 1
        return {role for role in called if role < self._first_search}

    def _read_seam(self, line: str, following: object, at: int, into: Observed) -> None:
        """Search where a line was cut into two events."""
        after = following.get("message") if isinstance(following, Mapping) else None
        if self._search and isinstance(after, str):
            ends = {(one.kind, one.detail) for one in self._search.all_in(line[-_SEAM:])}
            begins = {(one.kind, one.detail) for one in self._search.all_in(after[:_SEAM])}
            both = self._search.all_in(line[-_SEAM:] + after[:_SEAM])
            for kind, detail in {(one.kind, one.detail) for one in both} - ends - begins:
                into.add_sensitive(kind, detail, at)

    def _error(self, line: str, at: int, into: Observed) -> None:
        into.count("errors", at)
        shape = _UUID.sub("", line[:_SHAPE]).translate(_NO_DIGITS)
        fingerprint = self._shapes.get(shape)
        error: Error | None = None
        if fingerprint is None or fingerprint not in into.errors:
            error = error_of(line)
            fingerprint = error.fingerprint
            if len(self._shapes) >= _MOST_SHAPES:
                self._shapes.clear()
            self._shapes[shape] = fingerprint
        into.add_error(fingerprint, error, at)

    def _signal(self, pattern: Pattern, line: str, at: int, into: Observed) -> None:
        if any(one in line for one in pattern.unless):
            return
        into.count(pattern.id, at)
        hit = pattern.extract.search(line[:LONG]) if pattern.extract else None
        named = {name: value or "" for name, value in hit.groupdict().items()} if hit else {}
        signal = Signal(pattern.id, named.get("action", ""), named.get("resource", ""))
        into.add_signal(signal, line[:_SAMPLE], at)


def _joined(line: str, events: Sequence[Mapping[str, Any]], number: int) -> tuple[str, int]:
    """An error with the lines of its stack trace, where each line is an event of its own.

    The number is that of the first event behind them.
    """
    parts = [line]
    traceback = line.lstrip().startswith("Traceback")
    at = number + 1
    while at < len(events) and len(parts) < _CONTINUED:
        message = events[at].get("message")
        if not isinstance(message, str) or not message:
            break
        goes_on = message[0] in " \t" or message.startswith(_MORE)
        if not goes_on and not traceback:
            break
        parts.append(message.rstrip("\n"))
        at += 1
        if not goes_on:
            break  # the exception's name, which stands below a traceback
    return "\n".join(parts), at


def _bytes(text: str) -> bytes:
    return text.encode(errors="replace")
