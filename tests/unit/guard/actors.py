"""Guards at work at the same time: each is stopped at every call, and goes on when told."""

import threading
from collections.abc import Callable
from datetime import datetime
from typing import Final

_LONGEST: Final = 60.0


class KilledError(BaseException):
    """The process ended here; nothing catches that."""


class Actor:
    """One run of the guard: a Lambda's invocation, or a person's command.

    Attributes:
        name: What it does.
        began: When it began; Lambda ends it after its timeout.
        waits_at: The call that it is about to make, or has just made; empty when it is done.
        failure: What it raised, None for nothing.
        enforcing: Whether the mode that it was deployed with is to enforce.
        running: Whether the stop switch was off when it began, or at any time since.
    """

    def __init__(
        self,
        name: str,
        began: datetime,
        run: Callable[[], object],
        *,
        enforcing: bool,
        running: bool,
    ) -> None:
        self.name = name
        self.began = began
        self.enforcing = enforcing
        self.running = running
        self.waits_at = "start"
        self.failure: BaseException | None = None
        self._run = run
        self._is_killed = False
        self._go = threading.Semaphore(0)
        self._stopped = threading.Semaphore(0)
        self.thread = threading.Thread(target=self._main, daemon=True)
        self.thread.start()

    @property
    def is_done(self) -> bool:
        """Whether it has ended."""
        return not self.waits_at

    def at_call(self, operation: str) -> None:
        """Called on its own thread: wait until told to go on.

        Raises:
            KilledError: It was killed.
        """
        if not self._is_killed:  # the dead make no calls, whatever their `finally` says
            self.waits_at = operation
            self._stopped.release()
            self._go.acquire()
        if self._is_killed:
            raise KilledError

    def step(self) -> None:
        """Let it make one call."""
        if not self.is_done:
            self._go.release()
            assert self._stopped.acquire(timeout=_LONGEST), f"{self.name} hangs at {self.waits_at}"

    def kill(self) -> None:
        """End it here."""
        self._is_killed = True
        self.step()
        assert self.is_done

    def _main(self) -> None:
        self._go.acquire()
        try:
            if not self._is_killed:
                self._run()
        except BaseException as error:  # noqa: BLE001 - looked at by the test
            self.failure = error
        self.waits_at = ""
        self._stopped.release()


class Cast:
    """The actors on stage; gives calls to the actor whose thread makes them."""

    def __init__(self) -> None:
        self.actors: list[Actor] = []

    def watched(self, operation: str) -> None:
        """Stop the calling actor; calls of nobody's thread pass."""
        current = threading.current_thread()
        for actor in self.actors:
            if actor.thread is current:
                actor.at_call(operation)

    def current(self) -> Actor | None:
        """The actor whose thread calls."""
        thread = threading.current_thread()
        return next((one for one in self.actors if one.thread is thread), None)

    def enter(self, actor: Actor) -> None:
        """Put an actor on stage; those that are done leave it."""
        self.actors = [one for one in self.actors if not one.is_done] + [actor]
