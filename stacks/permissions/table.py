"""The permission table: every action of every function, and why it is needed.

Each function's actions stand in a file of `stacks.permissions.roles`. Actions and the resources
they can be narrowed to follow the Service Authorization Reference of each service.
docs/permissions.md is made from this table by `python -m stacks.permissions.page`.
"""

from collections.abc import Callable, Mapping
from typing import Final

from functions.shared.config import WardenConfig
from stacks.part import Part, is_traced
from stacks.permissions.grant import Grant
from stacks.permissions.roles import (
    advisory_sync,
    anomaly_detector,
    guard,
    log_watch,
    notifier,
    reporter,
    scanner,
    sensor_watch,
    sweep,
    tag_enforcer,
)
from stacks.permissions.roles.items import own_items_only
from stacks.permissions.roles.shared import SEND_TRACES, WRITE_OWN_LOG

_OWN: Final[Mapping[Part, Callable[[WardenConfig], tuple[Grant, ...]]]] = {
    Part.SCANNER: scanner.grants,
    Part.TAG_ENFORCER: tag_enforcer.grants,
    Part.ANOMALY_DETECTOR: anomaly_detector.grants,
    Part.GUARD: guard.grants,
    Part.SWEEP: sweep.grants,
    Part.ADVISORY_SYNC: advisory_sync.grants,
    Part.NOTIFIER: notifier.grants,
    Part.REPORTER: reporter.grants,
    Part.SENSOR_WATCH: sensor_watch.grants,
    Part.LOG_WATCH: log_watch.grants,
}


def grants(part: Part, config: WardenConfig) -> tuple[Grant, ...]:
    """Everything that the role of a function allows and forbids."""
    traces = (SEND_TRACES,) if is_traced(part, config) else ()
    return (*_OWN[part](config), *own_items_only(part), WRITE_OWN_LOG, *traces)
