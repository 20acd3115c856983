"""As much of the language of CloudWatch Logs Insights as the dashboard's questions use.

Written after "CloudWatch Logs Insights language query syntax" of the CloudWatch Logs User Guide;
the local AWS counts and groups nothing. Stricter than the service in one respect: a field that no
line has is an error here, where the service answers with an empty column.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime

Line = Mapping[str, object]
Row = dict[str, object]
_CALL = re.compile(r"(\w+)\((\*|\w+)\) as (\w+)$")


class UnknownFieldError(Exception):
    """A question names a field that none of the lines has."""


def answer(question: str, lines: Iterable[tuple[datetime, Line]]) -> list[Row]:
    """The rows that a question gets from lines, each with its time, the oldest first."""
    found = [{**line, "@timestamp": at} for at, line in lines]
    rows: list[Row] = [dict(one) for one in found]
    for stage in question.split(" | "):
        verb, _, rest = stage.partition(" ")
        rows = _STAGES[verb](rest, rows)
    return rows


def _filter(rest: str, rows: list[Row]) -> list[Row]:
    matched = re.fullmatch(r'(\w+) = "([^"]*)"', rest)
    assert matched, f"not understood here: filter {rest}"
    field, value = matched.groups()
    _know(field, rows)
    return [row for row in rows if row.get(field) == value]


def _stats(rest: str, rows: list[Row]) -> list[Row]:
    calls, _, keys = rest.partition(" by ")
    by = re.split(r", ", keys) if keys else []
    groups: dict[tuple[object, ...], list[Row]] = {}
    for row in rows:
        groups.setdefault(tuple(_key(one, row) for one in by), []).append(row)
    return [
        dict(zip(by, key, strict=True)) | dict(_call(call, members) for call in calls.split(", "))
        for key, members in groups.items()
    ]


def _call(call: str, rows: Sequence[Row]) -> tuple[str, object]:
    matched = _CALL.fullmatch(call)
    assert matched, f"not understood here: {call}"
    name, field, alias = matched.groups()
    if name == "count":
        return alias, len(rows)
    _know(field, rows)
    values = [row[field] for row in rows if field in row]
    if name == "latest":
        return alias, values[-1]
    assert name == "max", f"not understood here: {call}"
    return alias, max(map(_number, values))


def _key(key: str, row: Row) -> object:
    if matched := re.fullmatch(r"bin\((\d+)h\)", key):
        at = row["@timestamp"]
        assert isinstance(at, datetime)
        width = int(matched[1]) * 3600
        return datetime.fromtimestamp(at.timestamp() // width * width, UTC)
    _know(key, [row])
    return row[key]


def _sort(rest: str, rows: list[Row]) -> list[Row]:
    field, direction = rest.split()
    return sorted(rows, key=lambda row: _number(row[field]), reverse=direction == "desc")


def _limit(rest: str, rows: list[Row]) -> list[Row]:
    return rows[: int(rest)]


_STAGES: dict[str, Callable[[str, list[Row]], list[Row]]] = {
    "filter": _filter,
    "stats": _stats,
    "sort": _sort,
    "limit": _limit,
}


def _know(field: str, rows: Sequence[Row]) -> None:
    if not any(field in row for row in rows):
        raise UnknownFieldError(field)


def _number(value: object) -> float:
    assert isinstance(value, int | float), f"{value!r} is no number"
    return value
