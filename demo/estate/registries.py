"""Downloading packages from PyPI and npm to be put into a zip; nothing of them is ever run."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from demo.programs import Programs


def download_python(packages: Sequence[str], into: Path, programs: Programs) -> None:
    """Unpack wheels of PyPI, without what they depend on; source packages are refused.

    Raises:
        ProgramFailedError: A package could not be had.
    """
    command = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--no-config"]
    command += ["--no-deps", "--only-binary", ":all:", "--link-mode", "copy"]
    command += ["--python", sys.executable, "--target", str(into), *packages]
    programs.run(command, os.environ, _log(into))


def download_node(packages: Sequence[str], into: Path, programs: Programs) -> None:
    """Unpack packages of npm with what they depend on; their install scripts are not run.

    Raises:
        ProgramFailedError: A package could not be had.
    """
    command = ["npm", "install", "--silent", "--ignore-scripts", "--no-save", "--no-package-lock"]
    command += ["--no-audit", "--no-fund", "--prefix", str(into), *packages]
    programs.run(command, os.environ, _log(into))


def _log(folder: Path) -> Path:
    return folder.with_suffix(".log")
