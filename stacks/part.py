"""The functions of Lambda Warden and how they are named."""

from enum import StrEnum

from functions.shared.config import WardenConfig
from stacks.packaging.project import PACKAGE


class Part(StrEnum):
    """One function; the value is what its deployed name ends in."""

    SCANNER = "scanner"
    TAG_ENFORCER = "tag-enforcer"
    ANOMALY_DETECTOR = "anomaly-detector"
    GUARD = "guard"
    SWEEP = "sweep"
    ADVISORY_SYNC = "advisory-sync"
    NOTIFIER = "notifier"
    REPORTER = "reporter"
    SENSOR_WATCH = "sensor-watch"
    LOG_WATCH = "log-watch"

    @property
    def folder(self) -> str:
        """Its folder under functions/, and its module's name."""
        return self.value.replace("-", "_")

    @property
    def module(self) -> str:
        """Dotted name of the module with its handler, in a checkout or installed."""
        return f"{PACKAGE}functions.{self.folder}.handler"

    @property
    def handler(self) -> str:
        """What Lambda calls; the same import path as in tests."""
        return f"{self.module}.handler"

    @property
    def output_name(self) -> str:
        """Its name in the names of the stack's outputs."""
        return "".join(word.capitalize() for word in self.value.split("-"))

    def is_traced(self, config: WardenConfig) -> bool:
        """Whether it starts traces of its own.

        Lambda's sampling cannot be set: it records the first call of every second, which is every
        call of a part that a clock calls every few minutes, day and night.
        """
        busy = {Part.ANOMALY_DETECTOR, Part.GUARD, Part.NOTIFIER}
        return config.trace_busy_parts or self not in busy

    def function_name(self, config: WardenConfig) -> str:
        """The deployed function's name, which the handlers recognise Warden's own work by."""
        return f"{config.name_prefix}-{self.value}"


def deployed(config: WardenConfig) -> tuple[Part, ...]:
    """The parts of a deployment with these settings."""
    optional = {Part.SENSOR_WATCH: config.sensor.enabled, Part.LOG_WATCH: config.logs.enabled}
    return tuple(part for part in Part if optional.get(part, True))
