"""Running other programs so that none of them outlives us, also when we are interrupted."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Self

from demo.project import ROOT

_GRACE_SECONDS = 2.0
_POLL_SECONDS = 0.02
_SHOWN = 3000


class ProgramFailedError(RuntimeError):
    """A program ended with an error; the message ends with what it said last."""


class Programs:
    """The programs of one run; leaving the `with` block ends those that still run.

    Each leads a process group of its own, so that what it started ends with it.
    """

    def __init__(self) -> None:
        self._running: set[subprocess.Popen[bytes]] = set()
        self._lock = threading.Lock()
        self._closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._closed = True
            left = list(self._running)
        for program in left:
            _end(program)

    def run(self, command: Sequence[str], environment: Mapping[str, str], log: Path) -> None:
        """Run a program to its end, its output into `log`.

        Raises:
            ProgramFailedError: It failed, or was ended because the run is over.
        """
        with log.open("wb") as output:
            with self._lock:
                if self._closed:
                    raise ProgramFailedError(f"{Path(command[0]).name}: not started, we are ending")
                program = subprocess.Popen(
                    command,
                    cwd=ROOT,
                    env=dict(environment),
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
                self._running.add(program)
            code = program.wait()
            with self._lock:
                self._running.discard(program)
        if code:
            said = log.read_text(encoding="utf-8", errors="replace").strip()[-_SHOWN:]
            shown = " ".join([Path(command[0]).name, *command[1:2]])
            raise ProgramFailedError(f"{shown} ended with status {code}:\n{said}")


def _end(program: subprocess.Popen[bytes]) -> None:
    _signal_group(program.pid, signal.SIGTERM)
    with suppress(subprocess.TimeoutExpired):
        program.wait(timeout=_GRACE_SECONDS)
    deadline = time.monotonic() + _GRACE_SECONDS
    # A killed process still takes its time on a busy machine, and holds its files meanwhile.
    while _signal_group(program.pid, signal.SIGKILL) and time.monotonic() < deadline:
        program.poll()
        time.sleep(_POLL_SECONDS)


def _signal_group(leader: int, what: signal.Signals) -> bool:
    """Send a signal to a process group; False when nothing is left of it."""
    try:
        os.killpg(leader, what)
    except (ProcessLookupError, PermissionError):  # macOS says so of a group that is ending
        return False
    return True
