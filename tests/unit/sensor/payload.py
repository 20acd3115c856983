"""A harmless program that leaves a mark when it runs, one for each way to start it."""

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path

from demo.runtime.live import Live


class Outcome(StrEnum):
    """What became of one way to run a program; docs/sensor.md has the table."""

    SEEN = "seen"
    STOPPED = "stopped"
    COUNTED = "counted"
    HINTED = "hinted"
    MISSED = "missed"


def outcomes(function: Live, ways: Sequence[str], folder: Path) -> dict[str, Outcome]:
    """Try each way once.

    Seen: a line names the payload. Hinted: a line tells of something that led to it. Counted: the
    kernel's counters told of it. Stopped: it did not run, and a line tells what was refused.
    """
    return {way: _outcome(function, way, folder) for way in ways}


def _outcome(function: Live, way: str, folder: Path) -> Outcome:
    payload, mark = folder / f"payload-{way}", folder / f"mark-{way}"
    payload.write_text(f"#!/bin/sh\n: > {mark}\n")
    payload.chmod(0o700)
    before = len(function.lines())
    function.invoke({"way": way, "path": str(payload)})
    said = function.lines()[before:]
    if not mark.exists():
        return Outcome.STOPPED if function.lines() else Outcome.MISSED
    if any(one["kind"] == "program" and one["name"] != "/bin/sh" for one in said):
        return Outcome.SEEN
    if any(one["kind"] == "unseen" for one in said):
        return Outcome.COUNTED
    return Outcome.HINTED if said else Outcome.MISSED
