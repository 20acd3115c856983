"""Many expressions at once over bytes, in time that is linear in their length.

The engine is Vectorscan, the open fork of Hyperscan; docs/adr says why. Only this module knows it.
"""

from collections.abc import Callable, Sequence
from functools import cached_property, partial
from typing import Any, Final

import hyperscan

_FLAGS: Final = hyperscan.HS_FLAG_SINGLEMATCH | hyperscan.HS_FLAG_DOTALL


class ExpressionError(ValueError):
    """An expression that the engine does not take; the message is its own, and names the place."""


class Matcher:
    """Expressions, compiled together on first use.

    Not for several threads at once: they would share the engine's scratch space.
    """

    def __init__(self, expressions: Sequence[str]) -> None:
        """Keep them.

        Args:
            expressions: In the engine's language, that of PCRE without look-around and back
                references. `(?i)` at the beginning means what it does there.
        """
        self._expressions = tuple(expressions)

    @cached_property
    def _compiled(self) -> hyperscan.Database:
        database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
        try:
            database.compile(
                expressions=[one.encode() for one in self._expressions],
                ids=list(range(len(self._expressions))),
                elements=len(self._expressions),
                flags=[_FLAGS] * len(self._expressions),
            )
        except hyperscan.error as error:
            raise ExpressionError(str(error)) from error
        return database

    def compile(self) -> None:
        """Compile now.

        Raises:
            ExpressionError: One of the expressions is wrong.
        """
        _ = self._compiled

    def scan_into(self, found: list[int]) -> Callable[[bytes], object]:
        """The bare search, for loops: what it is called with adds its hits to `found`."""
        return partial(self._compiled.scan, match_event_handler=_add, context=found)

    def hits(self, data: bytes) -> list[int]:
        """Which expressions occur in `data`: their indexes, each once, in no order."""
        found: list[int] = []
        if data:
            self._compiled.scan(data, match_event_handler=_add, context=found)
        return found


def _add(id_: int, start: int, end: int, flags: int, found: Any) -> None:
    del start, end, flags
    found.append(id_)
