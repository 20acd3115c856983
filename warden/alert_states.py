"""The states of an alert, in the words of the command line."""

from enum import StrEnum


class AlertState(StrEnum):
    """Where an alert is between its opening and its end."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    FLAPPING = "flapping"
    MUTED = "muted"
    WAIVED = "waived"
    RESOLVED = "resolved"
