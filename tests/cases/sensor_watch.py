"""The cases of the sensor-watch's rules."""

from typing import Final

from functions.shared.sensor.line import Did, Kind
from tests.cases import Cases, Never
from tests.golden.samples.sensor import WRONG, seen, usual, verdict

_LOGS: Final = Never("A log is read when it has lines; without any nothing is said to be fine.")


def _cases(rule: str, kind: Kind, name: str) -> Cases:
    return Cases(
        passes={
            "nothing of the kind": verdict(rule),
            "a thing that was learnt": verdict(rule, usual(kind, name)),
        },
        fails={
            "a new thing": verdict(rule, seen(kind, name)),
            "a thing that policy refused": verdict(rule, seen(kind, name, did=Did.BLOCKED)),
        },
        cannot_tell=_LOGS,
    )


CASES: Final = {
    "unexpected-program": _cases("unexpected-program", Kind.PROGRAM, "/bin/sh"),
    "unexpected-file": _cases("unexpected-file", Kind.READ, "/etc/hostname"),
    "unexpected-connection": _cases("unexpected-connection", Kind.CONNECT, "x.example.net:443"),
    "unexpected-code": _cases("unexpected-code", Kind.MEMORY, "anonymous"),
    "unseen-child": Cases(
        passes={"a child that a hook saw": verdict("unseen-child", seen(Kind.PROGRAM, "/bin/sh"))},
        fails={"a child that none saw": verdict("unseen-child", seen(Kind.UNSEEN))},
        cannot_tell=_LOGS,
    ),
    "blocked-event-loop": Cases(
        passes={"none": verdict("blocked-event-loop")},
        fails={"one, for a second": verdict("blocked-event-loop", seen(Kind.LOOP, ms=1000))},
        cannot_tell=_LOGS,
    ),
    "sensor-gap": Cases(
        passes={"a policy that is understood": verdict("sensor-gap")},
        fails={"one that is not": verdict("sensor-gap", state=WRONG)},
        cannot_tell=_LOGS,
    ),
}
