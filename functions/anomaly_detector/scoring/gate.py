"""From evidence to score: an alert rests its series, and makes the next one harder for a while."""

from dataclasses import dataclass

ALERT = 0.5
BELOW_ALERT = 0.499
REST_POINTS = 30
# Evidence that makes an alert where nothing was told lately. From 0.4 to 0.8 the benchmarks hardly
# change (docs/detector.md); half is the round number among them.
_BAR = 0.5
_RISE = 10.0
_MEMORY_POINTS = 60.0


@dataclass(slots=True)
class Gate:
    """The bar that evidence must clear.

    What single points show counts again after some points. What lasts, shows at every point for
    hours, so its bar falls with time where points come more often than every five minutes.

    Attributes:
        recent: Alerts lately, each fading with the points since then.
        lately: Alerts lately, each fading with the time since then.
        resting: Points still to rest.
    """

    recent: float = 0.0
    lately: float = 0.0
    resting: int = 0

    def wait(self, densities: list[int]) -> None:
        """Lets some points without evidence pass.

        Args:
            densities: Points in five minutes, 1 at least, at each of them.
        """
        recent, lately = self.recent, self.lately
        for density in densities if recent else ():
            recent -= recent / _MEMORY_POINTS
            lately -= lately / (_MEMORY_POINTS * density)
        self.recent, self.lately = recent, lately
        self.resting = max(0, self.resting - len(densities))

    def judge(self, point: float, shift: float, density: int) -> float:
        """Turns evidence into a score.

        Args:
            point: What the point alone shows.
            shift: What lasts.
            density: Points in five minutes, 1 at least.

        Returns:
            At least 0.5 for an alert; below 0.5 otherwise, and just below it while evidence stays
            above the bar during the rest after an alert.
        """
        rests = self.resting > 0
        self.wait([density])
        raised = 1.0 + _RISE * self.recent
        bar = _BAR * raised
        evidence = point + shift * (raised / (1.0 + _RISE * self.lately))
        if evidence >= bar and not rests:
            self.resting = REST_POINTS
            self.recent += 1.0
            self.lately += 1.0
            return 1.0 - ALERT * bar / evidence
        score = ALERT * evidence / bar
        return score if score < BELOW_ALERT else BELOW_ALERT
