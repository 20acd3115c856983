"""What the sensor-watch says."""

from datetime import datetime, timedelta
from typing import Final

from functions.sensor_watch.judge import SensorLook, judge
from functions.shared.alerting.finding import Finding, Verdict
from functions.shared.config import SensorSettings
from functions.shared.sensor.line import Did, Kind, Sighting
from functions.shared.sensor.store import Seen, SensorState
from tests.golden.samples.names import CHECKOUT, HOSTILE, NOW

_DAY: Final = timedelta(days=1)
_MINUTES: Final = timedelta(minutes=1)
_SINCE: Final = NOW - 40 * _DAY


WRONG: Final = SensorState(since=_SINCE, wrong="programs=blok", lost_at=NOW)
"""Of a sensor that does not understand its policy, and saw too much."""


def seen(kind: Kind, name: str = "", *, did: Did = Did.SEEN, place: str = "", ms: int = 0) -> Seen:
    """Something that the function did a minute ago for the first time."""
    sighting = Sighting(kind, did, name=name, place=place, milliseconds=ms)
    return Seen(sighting, NOW - _MINUTES, NOW - _MINUTES)


def usual(kind: Kind, name: str) -> Seen:
    """Something that it has done all the time."""
    return Seen(Sighting(kind, Did.SEEN, name=name), _SINCE, NOW - _DAY)


def verdict(
    rule: str,
    *more: Seen,
    state: SensorState | None = None,
    deployed_at: datetime | None = None,
    hostile: bool = False,
) -> Verdict:
    """What a rule says of a function that has had the sensor for forty days."""
    look = SensorLook(
        function=HOSTILE if hostile else CHECKOUT,
        state=state or SensorState(since=_SINCE, last_start=NOW - 9 * _MINUTES),
        seen=(usual(Kind.CONNECT, "dynamodb.eu-west-1.amazonaws.com:443"), *more),
        deployed_at=deployed_at or NOW - 12 * _DAY,
        deployed_by="ci-deploy",
        settings=SensorSettings(),
        now=NOW,
    )
    return next(one for one in judge(look) if one.rule == rule)


def _said(
    rule: str, *more: Seen, deployed_at: datetime | None = None, hostile: bool = False
) -> Finding:
    (finding,) = verdict(rule, *more, deployed_at=deployed_at, hostile=hostile).findings
    return finding


def findings() -> dict[str, Finding]:
    """One for each rule, and the variants that read differently."""
    program = "unexpected-program"
    return {
        program: _said(program, seen(Kind.PROGRAM, "/bin/sh"), seen(Kind.PROGRAM, "/usr/bin/id")),
        f"{program}/blocked": _said(program, seen(Kind.PROGRAM, "/bin/sh", did=Did.BLOCKED)),
        f"{program}/deployed": _said(
            program, seen(Kind.PROGRAM, "/opt/bin/ffmpeg"), deployed_at=NOW - 4 * _MINUTES
        ),
        f"{program}/hostile": _said(
            program, seen(Kind.PROGRAM, '"<img src=x>`$(id)`|*_~' * 6), hostile=True
        ),
        "unexpected-file": _said(
            "unexpected-file",
            seen(Kind.READ, "/proc/*/environ", place="process environment"),
            seen(Kind.READ, "/etc/hostname"),
        ),
        "unexpected-connection": _said(
            "unexpected-connection", seen(Kind.CONNECT, "paste.example.net:443")
        ),
        "unexpected-code": _said("unexpected-code", seen(Kind.LIBRARY, "/tmp/x.so")),
        "unseen-child": _said("unseen-child", seen(Kind.UNSEEN)),
        "blocked-event-loop": _said("blocked-event-loop", seen(Kind.LOOP, ms=7400)),
        "sensor-gap": verdict("sensor-gap", state=WRONG).findings[0],
    }
