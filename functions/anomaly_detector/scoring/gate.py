"""From evidence to score: an alert rests its series, and makes the next one harder for a while."""

from dataclasses import dataclass

ALERT = 0.5
BELOW_ALERT = 0.499
REST_POINTS = 30
_RISE = 10.0
_MEMORY_POINTS = 60.0


@dataclass(slots=True)
class Gate:
    """The bar that evidence must clear.

    Attributes:
        recent: Alerts lately, each fading.
        resting: Points still to rest.
    """

    recent: float = 0.0
    resting: int = 0

    def wait(self, points: int) -> None:
        """Lets some points without evidence pass."""
        recent = self.recent
        for _ in range(points if recent else 0):
            recent -= recent / _MEMORY_POINTS
        self.recent = recent
        self.resting = max(0, self.resting - points)

    def judge(self, evidence: float) -> float:
        """Turns evidence (1 = the bar of a series without recent alerts) into a score.

        Returns:
            At least 0.5 for an alert; below 0.5 otherwise, and just below it while evidence stays
            above the bar during the rest after an alert.
        """
        self.recent -= self.recent / _MEMORY_POINTS
        bar = 1.0 + _RISE * self.recent
        if self.resting > 0:
            self.resting -= 1
        elif evidence >= bar:
            self.resting = REST_POINTS
            self.recent += 1.0
            return 1.0 - ALERT * bar / evidence
        score = ALERT * evidence / bar
        return score if score < BELOW_ALERT else BELOW_ALERT
