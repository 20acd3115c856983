"""The part of X-Ray's filter expressions that is understood here.

Understood: ``fault``, ``error``, ``throttle``, ``ok`` and ``partial`` (alone, negated
with ``!``, or compared with true or false); ``responsetime`` and ``duration`` compared
with seconds; ``annotation.key = "text"``; ``service("name")``, optionally with one of
the above in braces; all joined with AND and OR (AND binds closer) and grouped with
parentheses. Anything else is refused rather than taken for "no match".
"""

import operator
import re
from collections.abc import Callable, Mapping
from typing import Any

from demo.local_aws.xray.segment import Segment
from demo.local_aws.xray.trace import Trace

Test = Callable[[Trace], bool]

_TOKEN = re.compile(
    r"""\s*(?: (?P<text>"[^"]*") | (?P<number>\d+(?:\.\d+)?) | (?P<sign><=|>=|!=|[=<>!(){},])
    | (?P<word>[A-Za-z_][\w.\[\]-]*) )""",
    re.VERBOSE,
)
_SIGNS: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_FLAGS = frozenset({"fault", "error", "throttle", "ok", "partial"})


class FilterError(ValueError):
    """An expression that is wrong, or beyond what is understood here."""


def read_filter(expression: str) -> Test:
    """Return the test that an expression stands for.

    Raises:
        FilterError: it is not understood.
    """
    reader = _Reader(expression)
    test = reader.any_of()
    reader.end()
    return test


class _Reader:
    """Reads an expression from left to right."""

    def __init__(self, expression: str) -> None:
        self._expression = expression
        self._tokens = _tokens(expression)

    def any_of(self) -> Test:
        tests = [self._all_of()]
        while self._take("OR"):
            tests.append(self._all_of())
        return lambda trace: any(test(trace) for test in tests)

    def end(self) -> None:
        if self._tokens:
            raise self._refused()

    def _all_of(self) -> Test:
        tests = [self._term()]
        while self._take("AND"):
            tests.append(self._term())
        return lambda trace: all(test(trace) for test in tests)

    def _term(self) -> Test:
        if self._take("!"):
            negated = self._term()
            return lambda trace: not negated(trace)
        if self._take("("):
            grouped = self.any_of()
            self._need(")")
            return grouped
        word = self._next()
        if word in _FLAGS:
            return self._flag(word)
        if word in {"responsetime", "duration"}:
            return self._time(word)
        if word.startswith("annotation"):
            return self._annotation(word)
        if word == "service":
            return self._service()
        raise self._refused()

    def _flag(self, name: str) -> Test:
        wanted = True
        if self._take("="):
            wanted = {"true": True, "false": False}.get(self._next(), True)
        return lambda trace: _trace_flag(trace, name) == wanted

    def _time(self, name: str) -> Test:
        compare = _SIGNS.get(self._next())
        seconds = self._next()
        if compare is None or not re.fullmatch(r"[\d.]+", seconds):
            raise self._refused()
        limit = float(seconds)
        attribute = "response_time" if name == "responsetime" else "duration"
        return lambda trace: compare(getattr(trace, attribute), limit)

    def _annotation(self, word: str) -> Test:
        key = word.removeprefix("annotation").strip(".[]")
        self._need("=")
        value = self._next().strip('"')
        return lambda trace: any(
            str((document.get("annotations") or {}).get(key)) == value
            for segment in trace.segments.values()
            for document in (segment.document, *segment.subsegments())
        )

    def _service(self) -> Test:
        self._need("(")
        name = self._next().strip('"')
        self._need(")")
        inner = self._braces() if self._take("{") else (lambda _segment: True)
        return lambda trace: any(one.name == name and inner(one) for one in trace.services)

    def _braces(self) -> Callable[[Segment], bool]:
        wanted = not self._take("!")
        flag = self._next()
        if flag not in _FLAGS - {"partial"}:
            raise self._refused()
        if self._take("="):
            wanted = wanted == (self._next() != "false")
        self._need("}")
        return lambda segment: _segment_flag(segment, flag) == wanted

    def _take(self, token: str) -> bool:
        if self._tokens and self._tokens[0].upper() == token:
            self._tokens.pop(0)
            return True
        return False

    def _need(self, token: str) -> None:
        if not self._take(token):
            raise self._refused()

    def _next(self) -> str:
        if not self._tokens:
            raise self._refused()
        return self._tokens.pop(0)

    def _refused(self) -> FilterError:
        return FilterError(f"FilterExpression not understood: {self._expression[:200]}")


def _tokens(expression: str) -> list[str]:
    tokens, position = [], 0
    while position < len(expression.rstrip()):
        found = _TOKEN.match(expression, position)
        if found is None:
            raise FilterError(f"FilterExpression not understood: {expression[:200]}")
        tokens.append(found[0].strip())
        position = found.end()
    return tokens


def _trace_flag(trace: Trace, name: str) -> bool:
    if name == "partial":
        return trace.partial
    if name == "ok":
        return not any(trace.flag(one) for one in ("fault", "error", "throttle"))
    return trace.flag(name)


def _segment_flag(segment: Segment, name: str) -> bool:
    if name == "ok":
        return not any(segment.flag(one) for one in ("fault", "error", "throttle"))
    return segment.flag(name)
