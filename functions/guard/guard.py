"""What the guard works with."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from functions.guard.audit import AuditTrail
from functions.guard.ledger import Ledger
from functions.shared.config import GuardPolicy
from functions.shared.runtime.deployment import Deployment


def wall_clock() -> datetime:
    """The time."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Guard:
    """The deployment, and the clock that leases are compared with.

    Attributes:
        warden: The deployment.
        clock: Tells the time at the moment of an action, which may be later than the decision.
    """

    warden: Deployment
    clock: Callable[[], datetime] = wall_clock

    @property
    def policy(self) -> GuardPolicy:
        """What the platform team decided."""
        return self.warden.config.guard

    @property
    def ledger(self) -> Ledger:
        """What was done."""
        return Ledger(self.warden.table)

    @property
    def trail(self) -> AuditTrail:
        """What was decided."""
        return AuditTrail(self.warden.table)
