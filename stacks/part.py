"""How each part of Lambda Warden is deployed."""

from functions.shared.config import WardenConfig
from functions.shared.core.part import Part
from stacks.packaging.project import PACKAGE

__all__ = ["Part", "deployed", "handler_of", "is_traced", "module_of"]


def module_of(part: Part) -> str:
    """Dotted name of the module with a part's handler, in a checkout or installed."""
    return f"{PACKAGE}functions.{part.folder}.handler"


def handler_of(part: Part) -> str:
    """What Lambda calls; the same import path as in tests."""
    return f"{module_of(part)}.handler"


def is_traced(part: Part, config: WardenConfig) -> bool:
    """Whether a part starts traces of its own.

    Lambda's sampling cannot be set: it records the first call of every second, which is every
    call of a part that a clock calls every few minutes, day and night.
    """
    busy = {Part.ANOMALY_DETECTOR, Part.GUARD, Part.NOTIFIER}
    return config.trace_busy_parts or part not in busy


def deployed(config: WardenConfig) -> tuple[Part, ...]:
    """The parts of a deployment with these settings."""
    optional = {Part.SENSOR_WATCH: config.sensor.enabled, Part.LOG_WATCH: config.logs.enabled}
    return tuple(part for part in Part if optional.get(part, True))
