"""Says on standard error what a command waits for, when an answer takes long."""

import signal
import threading
import time
from collections.abc import Callable
from typing import Final

import click

PATIENCE_SECONDS: Final = 4.0
"""After this time a person thinks that the command hangs."""

_AGAIN_SECONDS: Final = 10.0


def _say(sentence: str) -> None:
    click.echo(sentence, err=True)


class _Timer(threading.Timer):
    """A timer that leaves Ctrl-C to the main thread, which would sleep on if this one took it."""

    def run(self) -> None:
        if hasattr(signal, "pthread_sigmask"):  # not on Windows
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
        super().run()


class Waiting:
    """Hears of each call to AWS as it begins and ends; speaks when one lasts long.

    Calls of several threads are kept apart.
    """

    def __init__(
        self, say: Callable[[str], None] = _say, patience: float = PATIENCE_SECONDS
    ) -> None:
        """Begin to wait.

        Args:
            say: Says a sentence.
            patience: Seconds before it speaks.
        """
        self._say = say
        self._patience = patience
        self._timers: dict[int, _Timer] = {}

    def began(self, what: str) -> None:
        """A call begins; `what` names it, for a person."""
        self._arm(threading.get_ident(), what, time.monotonic(), self._patience)

    def ended(self) -> None:
        """The call of this thread has an answer, or has failed."""
        if timer := self._timers.pop(threading.get_ident(), None):
            timer.cancel()

    def _arm(self, thread: int, what: str, since: float, seconds: float) -> None:
        timer = _Timer(seconds, self._speak, (thread, what, since))
        timer.daemon = True
        self._timers[thread] = timer
        timer.start()

    def _speak(self, thread: int, what: str, since: float) -> None:
        if self._timers.get(thread) is not threading.current_thread():
            return  # it ended just now
        self._say(f"Waiting for {what} since {time.monotonic() - since:.0f} s; Ctrl-C ends it.")
        self._arm(thread, what, since, _AGAIN_SECONDS)
