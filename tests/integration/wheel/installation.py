"""The built wheel in environments of its own, as somebody else's project would have it."""

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from demo.project import ROOT

_PYTHON: Final = sys.executable


@dataclass(frozen=True, slots=True)
class Environment:
    """A virtual environment that holds the wheel and what it asked for, nothing of the checkout.

    Attributes:
        folder: Where it lies.
    """

    folder: Path

    @property
    def programs(self) -> Path:
        """Its programs."""
        return self.folder / "bin"

    def run(
        self, *command: str, cwd: Path, environment: Mapping[str, str] | None = None
    ) -> "subprocess.CompletedProcess[str]":
        """Run one of its programs, with no other Python in reach.

        Args:
            command: Name of the program and its arguments.
            cwd: Where to run it.
            environment: Variables beside a home and a path.
        """
        variables = {name: value for name, value in os.environ.items() if name in _KEPT}
        return subprocess.run(
            [str(self.programs / command[0]), *command[1:]],
            cwd=cwd,
            env={**variables, "PATH": "/usr/bin:/bin", **(environment or {})},
            capture_output=True,
            text=True,
            check=False,
        )


_KEPT: Final = ("HOME", "LANG", "TMPDIR")


def build(into: Path) -> Path:
    """Build the wheel of this checkout and return its path."""
    _must([_PYTHON, "-m", "hatchling", "build", "-t", "wheel", "-d", str(into)], cwd=ROOT)
    (wheel,) = into.glob("*.whl")
    return wheel


def install(wheel: Path, folder: Path, *extras: str) -> Environment:
    """Make an empty environment and install the wheel into it, at the versions of the lock."""
    _must([_PYTHON, "-m", "uv", "venv", "--quiet", "--python", _PYTHON, str(folder)], cwd=ROOT)
    asked = f"lambda-warden[{','.join(extras)}] @ {wheel.as_uri()}"
    into = ["--python", str(folder / "bin" / "python"), "--constraint", "constraints.txt"]
    _must([_PYTHON, "-m", "uv", "pip", "install", "--quiet", *into, asked], cwd=ROOT)
    return Environment(folder)


def _must(command: list[str], cwd: Path) -> None:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
