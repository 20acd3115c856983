"""Where the project lies, in a checkout or installed, whoever imports it from wherever."""

from pathlib import Path
from typing import Final

from platformdirs import user_cache_path

PACKAGE: Final = "".join(f"{name}." for name in __name__.split(".")[:-3])
"""What the names of our packages begin with: nothing in a checkout, `lambda_warden.` installed."""

ROOT: Final = Path(__file__).resolve().parents[2]
"""The folder that holds `functions`: the checkout, or the installed `lambda_warden`."""

IMPORT_ROOT: Final = ROOT.parents[PACKAGE.count(".") - 1] if PACKAGE else ROOT
"""The folder that imports start from."""

FUNCTIONS: Final = ROOT / "functions"
LOCK: Final = FUNCTIONS / "requirements.lock"
"""The exact version of everything in the layers, with the hashes of its files."""


def _layer_cache() -> Path:
    """A checkout keeps what it builds; an installation must not write beside its own code."""
    if (ROOT / "pyproject.toml").exists():
        return ROOT / ".local" / "layers"
    return user_cache_path("lambda-warden", appauthor=False) / "layers"


LAYER_CACHE: Final = _layer_cache()
"""Folder of finished layers."""
