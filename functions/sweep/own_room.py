"""What Warden reserves for those of its own functions that see a runaway, act and tell. Pure.

In the account's shared pool, what is to be stopped would starve them. A deployment cannot reserve
it: AWS refuses where too little would stay unreserved, and the whole deployment with it. So it is
done here, once the account is seen to have the room, and undone where the setting is switched off.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from functions.shared.config import OWN_CONCURRENCY
from functions.shared.core.reading import Reading, Unknown

AWS_MINIMUM: Final = 100
"""What AWS keeps unreserved; Lambda developer guide, "Configuring reserved concurrency"."""


@dataclass(frozen=True, slots=True)
class Room:
    """What to do, and why.

    Attributes:
        reserve: Executions to reserve, by part.
        release: Parts whose reservation, which was Warden's, is to be taken back.
        reason: Why, in a few words.
    """

    reserve: Mapping[str, int]
    release: frozenset[str]
    reason: str


def decide(
    present: Mapping[str, Reading[int | None]],
    made: Mapping[str, int],
    unreserved: Reading[int],
    *,
    wanted: bool,
    minimum: int,
) -> Room:
    """Decide what to reserve for Warden's own functions.

    What somebody else set stays. All that is missing is reserved, or nothing of it.

    Args:
        present: What is reserved for each part now; a known None where nothing is.
        made: What Warden reserved earlier, by part.
        unreserved: What the account has left for functions without a reservation.
        wanted: Whether the settings want it.
        minimum: What is to stay unreserved, whatever AWS demands.
    """
    known = {part: one.value for part, one in present.items() if not isinstance(one, Unknown)}
    if not wanted:
        ours = {part for part, value in made.items() if known.get(part) == value}
        return Room({}, frozenset(ours), "the settings do not want it")
    if len(known) < len(OWN_CONCURRENCY) or isinstance(unreserved, Unknown):
        return Room({}, frozenset(), "what is reserved, or left, could not be read")
    missing = {part: need for part, need in OWN_CONCURRENCY.items() if known[part] is None}
    if not missing:
        return Room({}, frozenset(), "it is reserved")
    left, floor = unreserved.value - sum(missing.values()), max(AWS_MINIMUM, minimum)
    if left < floor:
        reason = f"{left} would stay unreserved, and {floor} have to"
        return Room({}, frozenset(), reason)
    return Room(missing, frozenset(), f"{left} stay unreserved")
