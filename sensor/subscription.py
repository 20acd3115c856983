"""How the sensor's lines are subscribed to: one filter in the log group of each function."""

from typing import Final

FILTER_NAME: Final = "lambda-warden-sensor"
PATTERN: Final = '"warden_sensor"'
"""Whatever else a function logs is not delivered, and costs nothing."""
