"""What a rule sees of a function, and what it says of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from functions.anomaly_detector.metrics.own_limits import FunctionLimits, LastDeployment
from functions.anomaly_detector.metrics.series import Series
from functions.anomaly_detector.metrics.signals import Signal
from functions.anomaly_detector.watch.past import Past
from functions.anomaly_detector.watch.standing import Standing
from functions.shared.alerting.finding import Verdict
from functions.shared.config import DetectorPolicy
from functions.shared.core.arn import FunctionArn
from functions.shared.core.reading import Known, Reading, Unknown


@dataclass(frozen=True, slots=True)
class View:
    """A function as of one look.

    Attributes:
        function: Its name.
        past: What is known of it, the newest periods included.
        policy: The settings.
        limits: Its own limits, None while unknown.
        deployment: Its last change, None while unknown.
        read: What this look read; a signal that was not read is absent, and one that is known to
            show nothing is empty.
        capped_since: When Warden itself capped the function, None where it did not.
        at_once: Executions at once that the newest minutes reached, where they were read.
        risen_at: The first of those minutes.
        cost: USD an hour of the newest minutes, None where they were not read.
    """

    function: FunctionArn
    past: Past
    policy: DetectorPolicy
    limits: FunctionLimits | None = None
    deployment: LastDeployment | None = None
    read: Mapping[Signal, Series] = field(default_factory=dict)
    capped_since: datetime | None = None
    at_once: float = 0.0
    risen_at: datetime | None = None
    cost: float | None = None

    @property
    def reserved(self) -> Reading[int | None]:
        """Its reserved concurrency; a known None where it has none."""
        if self.limits is None:
            return Unknown("its configuration is unknown")
        if self.limits.reserved_unknown:
            return Unknown(self.limits.reserved_unknown)
        return Known(self.limits.reserved)

    def standing(self, rule: str) -> Standing | None:
        """What is or was told by a rule."""
        return self.past.standing.get(rule)

    def is_open(self, rule: str) -> bool:
        """Whether an incident of a rule lasts."""
        known = self.standing(rule)
        return known is not None and known.is_open


@dataclass(frozen=True, slots=True)
class Judged:
    """What a rule says.

    Attributes:
        verdict: The verdict.
        standing: What to remember, by key; None forgets.
    """

    verdict: Verdict
    standing: Mapping[str, Standing | None] = field(default_factory=dict)
