"""Work on bytes from outside, done in a process of its own that can be killed.

A parser can be made to run for hours, to take all memory, or to crash the whole process by what it
reads. Here it takes down nobody but itself: the process is a copy of this one (so that nothing is
imported anew), with limits on its time and memory, and answers through a pipe. Nothing else is
shared: Lambda has no /dev/shm, so there are no queues, locks or shared memory of `multiprocessing`.
"""

import os
import resource
import select
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NoReturn

_MIB: Final = 1024 * 1024
_PIECE: Final = 256 * 1024
_FINE, _FAILED = b"+", b"-"


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one piece of work may take.

    Attributes:
        seconds: Processor time, in whole seconds.
        patience: Time by the clock; what waits for others takes little processor time.
        memory: Bytes of address space beyond what this process has already.
        answer: Largest answer, in bytes.
    """

    seconds: int
    patience: float
    memory: int = 768 * _MIB
    answer: int = 64 * _MIB


class ConfinedError(Exception):
    """The work did not end well; the text says in a few words what became of it."""


class ImpatientError(ConfinedError):
    """Nothing was wrong with it but the time by the clock: it may end well another time."""


def confined(work: Callable[[], bytes], bounds: Bounds) -> bytes:
    """Do some work in a process of its own.

    Args:
        work: What to do; gives its answer as bytes, which the caller must not believe blindly. It
            may use nothing that this process shares with others, such as open connections.
        bounds: What it may take.

    Raises:
        ConfinedError: It took too long or too much, raised an error, or ended the process.
    """
    reading, writing = os.pipe()
    process = os.fork()
    if process == 0:
        os.close(reading)
        _work(work, bounds, writing)
    os.close(writing)
    try:
        answer = _answer(reading, bounds)
    finally:
        os.close(reading)
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
        _, status = os.waitpid(process, 0)
    if answer[:1] == _FINE:
        return answer[1:]
    if answer[:1] == _FAILED:
        raise ConfinedError(f"it failed with {answer[1:].decode('ascii', 'replace')}")
    raise ConfinedError(_end(status))


def _work(work: Callable[[], bytes], bounds: Bounds, writing: int) -> NoReturn:
    """In the new process: do the work, write the answer, and end without any clearing up."""
    try:
        _limit(bounds)
        try:
            answer = _FINE + work()
        except BaseException as error:  # noqa: BLE001 - whatever it is, the other process tells it
            answer = _FAILED + type(error).__name__.encode("ascii", "replace")
        view = memoryview(answer)
        while view:
            view = view[os.write(writing, view[:_PIECE]) :]
    finally:
        os._exit(0)


def _limit(bounds: Bounds) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_CPU, bounds.seconds)
    _lower(resource.RLIMIT_AS, _address_space() + bounds.memory)


def _lower(limit: int, value: int) -> None:
    """Set a limit, unless a lower one is in force."""
    _, most = resource.getrlimit(limit)
    value = value if most == resource.RLIM_INFINITY else min(value, most)
    resource.setrlimit(limit, (value, most))  # the signal of the lower one tells which it was


def _address_space() -> int:
    """Bytes of address space that this process has; zero where the system does not say."""
    try:
        pages = Path("/proc/self/statm").read_bytes().split()[0]
    except OSError:
        return 0
    return int(pages) * resource.getpagesize()


def _answer(reading: int, bounds: Bounds) -> bytes:
    """What the other process writes until it closes the pipe."""
    until = time.monotonic() + bounds.patience
    pieces: list[bytes] = []
    size = 0
    while True:
        left = until - time.monotonic()
        if left <= 0 or not select.select([reading], [], [], left)[0]:
            raise ImpatientError(f"it took more than {bounds.patience:g} seconds by the clock")
        piece = os.read(reading, _PIECE)
        if not piece:
            return b"".join(pieces)
        pieces.append(piece)
        size += len(piece)
        if size > bounds.answer:
            raise ConfinedError(f"its answer has more than {bounds.answer} bytes")


def _end(status: int) -> str:
    number = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
    if number == signal.SIGKILL:
        return "its process was ended, most likely for want of memory"
    if number == signal.SIGXCPU:
        return "it took more processor time than contents of its size may"
    return f"its process crashed ({signal.Signals(number).name})" if number else "it gave no answer"
