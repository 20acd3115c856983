"""The parts of Lambda Warden, one function each."""

from enum import StrEnum


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
        """Its folder under functions/."""
        return self.value.replace("-", "_")

    @property
    def output_name(self) -> str:
        """Its name in the names of the stack's outputs."""
        return "".join(word.capitalize() for word in self.value.split("-"))

    def function_name(self, prefix: str) -> str:
        """The deployed function's name, which the handlers recognise Warden's own work by.

        Args:
            prefix: What the names of the deployment begin with.
        """
        return f"{prefix}-{self.value}"
