"""Where the estate is written down in Warden's bucket."""

from typing import Final

FUNCTIONS: Final = "estate/functions.json"
"""Every function as the latest sweep listed it."""

USE: Final = "estate/use.json"
"""When each function was called, as the latest look at the metrics showed."""
