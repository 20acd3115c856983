"""Where the demonstration finds and keeps things in the checkout."""

from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
LOCAL: Final = ROOT / ".local"
"""Everything that is made at run time; not under version control."""

ESTATE_CACHE: Final = LOCAL / "estate"
STANDING: Final = LOCAL / "aws"
"""Folder of the local AWS that `make up` leaves running."""

ADVISORIES: Final = ROOT / "demo" / "advisories"
CDK: Final = ROOT / "node_modules" / ".bin" / "cdk"
CDK_SETTINGS: Final = ROOT / "cdk.json"
