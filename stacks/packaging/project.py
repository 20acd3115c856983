"""Where the checkout lies, whoever imports it from wherever."""

from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
FUNCTIONS: Final = ROOT / "functions"
CONSTRAINTS: Final = ROOT / "constraints.txt"
LAYER_CACHE: Final = ROOT / ".local" / "layers"
