"""Work that hangs, swells or crashes ends alone, and says how."""

import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

import pytest

from functions.shared.runtime.confined import Bounds, ConfinedError, confined

MIB: Final = 1024 * 1024
IMPATIENT: Final = Bounds(seconds=30, patience=0.4, memory=64 * MIB, answer=1 * MIB)
QUICK: Final = Bounds(seconds=1, patience=60, memory=64 * MIB, answer=1 * MIB)
AMPLE: Final = Bounds(seconds=30, patience=60, memory=64 * MIB, answer=1 * MIB)


def hang() -> bytes:
    while True:
        time.sleep(0.01)


def toil() -> bytes:
    while True:
        pass


def swell() -> bytes:
    kept = [bytes(MIB) for _ in range(4000)]
    return bytes(len(kept))


def crash() -> bytes:
    os.kill(os.getpid(), signal.SIGSYS)
    return b""


def fail() -> bytes:
    raise LookupError("a secret of the artefact")


def leave() -> bytes:
    raise SystemExit(3)


def open_files() -> int:
    """How many files this process has open; zero where the system does not say."""
    folder = Path("/proc/self/fd")
    return len(list(folder.iterdir())) if folder.exists() else 0


def children() -> set[int]:
    """The processes that this one started and did not take leave of, those of other tests, too."""
    found = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it ended meanwhile
            parent = (
                stat.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[1]
            )
            if int(parent) == os.getpid():
                found.add(int(stat.parent.name))
    return found


@pytest.mark.parametrize(
    ("work", "bounds", "cause"),
    [
        (hang, IMPATIENT, "it took more than 0.4 seconds by the clock"),
        (toil, QUICK, "it took more processor time than"),
        (swell, AMPLE, "it failed with MemoryError"),
        (crash, AMPLE, r"its process crashed \(SIGSYS\)"),
        (fail, AMPLE, "it failed with LookupError"),
        (leave, AMPLE, "it failed with SystemExit"),
        (lambda: bytes(2 * MIB), AMPLE, "its answer has more than 1048576 bytes"),
    ],
)
def test_how_work_ended_is_told(work: Callable[[], bytes], bounds: Bounds, cause: str) -> None:
    before = children()
    with pytest.raises(ConfinedError, match=cause):
        confined(work, bounds)
    assert children() <= before, "no process is left behind"


def test_work_gives_its_answer_and_changes_nothing_here() -> None:
    state: list[int] = []

    def work() -> bytes:
        state.append(1)
        return bytes(700 * 1024)

    before = open_files()
    assert confined(work, AMPLE) == bytes(700 * 1024)
    assert state == []
    assert open_files() == before
