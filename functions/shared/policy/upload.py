"""Where people upload a policy, and what it is called there."""

from typing import Final

FOLDER: Final = "policy/"
KEY: Final = f"{FOLDER}policy.yaml"
"""The one object of Warden's bucket that is read as a policy."""
