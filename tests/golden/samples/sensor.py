"""What the sensor-watch says."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from functions.sensor_watch.judge import Look, judge
from functions.shared.alerting.finding import Finding
from functions.shared.config import SensorSettings
from functions.shared.sensor.line import Did, Kind, Sighting
from functions.shared.sensor.store import Seen, SensorState
from tests.golden.samples.names import CHECKOUT, HOSTILE, NOW

_DAY: Final = timedelta(days=1)
_MINUTES: Final = timedelta(minutes=1)
_SINCE: Final = NOW - 40 * _DAY


def _seen(kind: Kind, name: str = "", *, did: Did = Did.SEEN, place: str = "", ms: int = 0) -> Seen:
    sighting = Sighting(kind, did, name=name, place=place, milliseconds=ms)
    return Seen(sighting, NOW - _MINUTES, NOW - _MINUTES)


def _usual(kind: Kind, name: str) -> Seen:
    return Seen(Sighting(kind, Did.SEEN, name=name), _SINCE, NOW - _DAY)


def _said(
    rule: str,
    *seen: Seen,
    state: SensorState | None = None,
    deployed_at: datetime | None = None,
    hostile: bool = False,
) -> Finding:
    look = Look(
        function=HOSTILE if hostile else CHECKOUT,
        state=state or SensorState(since=_SINCE, last_start=NOW - 9 * _MINUTES),
        seen=(_usual(Kind.CONNECT, "dynamodb.eu-west-1.amazonaws.com:443"), *seen),
        deployed_at=deployed_at or NOW - 12 * _DAY,
        deployed_by="ci-deploy",
        settings=SensorSettings(),
        now=NOW,
    )
    found: Sequence[Finding] = [one for verdict in judge(look) for one in verdict.findings]
    return next(one for one in found if one.rule == rule)


def findings() -> dict[str, Finding]:
    """One for each rule, and the variants that read differently."""
    program = "unexpected-program"
    return {
        program: _said(program, _seen(Kind.PROGRAM, "/bin/sh"), _seen(Kind.PROGRAM, "/usr/bin/id")),
        f"{program}/blocked": _said(program, _seen(Kind.PROGRAM, "/bin/sh", did=Did.BLOCKED)),
        f"{program}/deployed": _said(
            program, _seen(Kind.PROGRAM, "/opt/bin/ffmpeg"), deployed_at=NOW - 4 * _MINUTES
        ),
        f"{program}/hostile": _said(
            program, _seen(Kind.PROGRAM, '"<img src=x>`$(id)`|*_~' * 6), hostile=True
        ),
        "unexpected-file": _said(
            "unexpected-file",
            _seen(Kind.READ, "/proc/*/environ", place="process environment"),
            _seen(Kind.READ, "/etc/hostname"),
        ),
        "unexpected-connection": _said(
            "unexpected-connection", _seen(Kind.CONNECT, "paste.example.net:443")
        ),
        "unexpected-code": _said("unexpected-code", _seen(Kind.LIBRARY, "/tmp/x.so")),
        "unseen-child": _said("unseen-child", _seen(Kind.UNSEEN)),
        "blocked-event-loop": _said("blocked-event-loop", _seen(Kind.LOOP, ms=7400)),
        "sensor-gap": _said(
            "sensor-gap", state=SensorState(since=_SINCE, wrong="programs=blok", lost_at=NOW)
        ),
    }
