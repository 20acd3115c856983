"""Ctrl-C, SIGTERM and a closed terminal all end a run in the same, orderly way."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
STATUS: Final = 130
"""Exit status of an interrupted run, as shells give it for SIGINT."""


class InterruptedRunError(BaseException):
    """Somebody wants the run to end; no `except Exception` may swallow that."""


@contextmanager
def interruptible() -> Iterator[None]:
    """Raise `InterruptedRunError` in the main thread on the first signal, ignore further ones.

    What is cleaned up while the error passes is thereby cleaned up to the end.
    """

    def interrupt(_signal: int, _frame: FrameType | None) -> None:
        for further in SIGNALS:
            signal.signal(further, signal.SIG_IGN)
        raise InterruptedRunError

    before = {one: signal.signal(one, interrupt) for one in SIGNALS}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


@contextmanager
def undisturbed() -> Iterator[None]:
    """Let no signal cut short what is cleaned up here; only the main thread receives any."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {one: signal.signal(one, signal.SIG_IGN) for one in SIGNALS}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
