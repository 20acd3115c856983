"""Where the project lies, in a checkout or installed, whoever imports it from wherever."""

from pathlib import Path
from typing import Final

from platformdirs import user_cache_path

ROOT: Final = Path(__file__).resolve().parents[2]
"""The folder that holds `functions`: the checkout, or the installed `lambda_warden`."""

FUNCTIONS: Final = ROOT / "functions"
CONSTRAINTS: Final = ROOT / "constraints.txt"


def _layer_cache() -> Path:
    """A checkout keeps what it builds; an installation must not write beside its own code."""
    if (ROOT / "pyproject.toml").exists():
        return ROOT / ".local" / "layers"
    return user_cache_path("lambda-warden", appauthor=False) / "layers"


LAYER_CACHE: Final = _layer_cache()
"""Folder of finished layers."""
