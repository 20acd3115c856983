"""How bad: one ordered scale for findings, incidents and enforcement."""

from enum import IntEnum


class Severity(IntEnum):
    """Ordered so that `max()` and `>=` mean what a person expects.

    `CRITICAL` wakes someone; `HIGH` is for today; `MEDIUM` for this week; `LOW` and `INFO` are
    for the record.
    """

    INFO = 0
    LOW = 1
    MEDIUM = 2
    HIGH = 3
    CRITICAL = 4

    @property
    def label(self) -> str:
        """The lower-case word used in alerts, attributes and settings."""
        return self.name.lower()

    @classmethod
    def parse(cls, text: str) -> "Severity":
        """Read a label such as `high`.

        Raises:
            ValueError: The text is none of the labels.
        """
        try:
            return cls[text.upper()]
        except KeyError:
            labels = ", ".join(severity.label for severity in cls)
            raise ValueError(f"severity {text!r} is none of: {labels}") from None
