"""Downloading packages from PyPI and npm to be put into a zip; nothing of them is ever run."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path


class DownloadFailedError(RuntimeError):
    """A registry did not give a package; the message ends with what the installer said."""


def download_python(packages: Sequence[str], into: Path) -> None:
    """Unpack wheels of PyPI, without what they depend on; source packages are refused.

    Raises:
        DownloadFailedError: A package could not be had.
    """
    command = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--no-config"]
    command += ["--no-deps", "--only-binary", ":all:", "--link-mode", "copy"]
    _run([*command, "--python", sys.executable, "--target", str(into), *packages])


def download_node(packages: Sequence[str], into: Path) -> None:
    """Unpack packages of npm with what they depend on; their install scripts are not run.

    Raises:
        DownloadFailedError: A package could not be had.
    """
    command = ["npm", "install", "--silent", "--ignore-scripts", "--no-save", "--no-package-lock"]
    _run([*command, "--no-audit", "--no-fund", "--prefix", str(into), *packages])


def _run(command: Sequence[str]) -> None:
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode:
        said = (result.stderr or result.stdout).strip()[-2000:]
        raise DownloadFailedError(f"{' '.join(command[:4])} ... {command[-1]} failed:\n{said}")
