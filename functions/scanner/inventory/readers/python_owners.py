"""Which projects of PyPI provide which import names."""

import json
from functools import cache
from pathlib import Path
from typing import Final

_TABLE: Final = Path(__file__).parents[1] / "data" / "import_names.json"


@cache
def owners() -> dict[str, list[str]]:
    """Import name to the projects that provide it, the most downloaded first."""
    found: dict[str, list[str]] = json.loads(_TABLE.read_bytes())["owners"]
    return found
