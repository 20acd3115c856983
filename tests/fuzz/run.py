"""Running a target on many inputs, in a process that can be killed."""

import json
import random
import time
from collections.abc import Iterator
from typing import Final

from functions.shared.runtime.confined import Bounds, ConfinedError, confined
from tests.fuzz.mutate import mutated
from tests.fuzz.targets import Target

_BATCH: Final = 100
# Of one input; honest ones of this size take milliseconds.
_SECONDS: Final = 4
_MEMORY: Final = 512 * 1024 * 1024


def inputs(target: Target, seed: int) -> Iterator[bytes]:
    """Inputs for a target, the same for the same number: its seeds, then damaged ones."""
    chance = random.Random(seed)  # noqa: S311 - it hides nothing
    yield from target.seeds
    while True:
        yield mutated(chance.choice(target.seeds), target.seeds, chance)


def failures(target: Target, *, seed: int = 0, count: int = 0, seconds: float = 0) -> Iterator[str]:
    """What goes wrong with a target, with the input that shows it.

    Args:
        target: The parser.
        seed: Which inputs.
        count: How many of them; no limit if zero.
        seconds: For how long; no limit if zero.
    """
    given = inputs(target, seed)
    until = time.monotonic() + seconds if seconds else float("inf")
    left = count or float("inf")
    while left > 0 and time.monotonic() < until:
        size = int(min(_BATCH, left))
        left -= size
        batch = [next(given) for _ in range(size)]
        if _fault(target, batch):
            # One after the other now: a crash does not say which it was.
            for data in batch:
                if fault := _fault(target, [data]):
                    yield f"{fault}: {data[:200]!r} ({len(data)} bytes)"


def _fault(target: Target, batch: list[bytes]) -> str:
    def work() -> bytes:
        for data in batch:
            try:
                target.run(data)
            except Exception as error:  # noqa: BLE001 - that is what is looked for
                return json.dumps(f"{type(error).__name__}: {error}"[:300]).encode()
        return b'""'

    bounds = Bounds(_SECONDS, patience=120, memory=_MEMORY)
    try:
        return str(json.loads(confined(work, bounds)))
    except ConfinedError as error:
        return str(error)
