"""The cases of every rule."""

from typing import Final

from tests.cases import (
    Cases,
    advisory_sync,
    detector,
    guard,
    log_watch,
    notifier,
    scanner,
    sensor_watch,
    tag_enforcer,
)

CASES: Final[dict[str, Cases]] = {
    **scanner.CASES,
    **tag_enforcer.CASES,
    **detector.CASES,
    **guard.CASES,
    **notifier.CASES,
    **advisory_sync.CASES,
    **sensor_watch.CASES,
    **log_watch.CASES,
}
