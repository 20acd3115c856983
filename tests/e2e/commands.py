"""Running the project's commands as a person does, and finding what they leave behind."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from demo.project import LOCAL, ROOT


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended."""

    status: int
    output: str
    errors: str


def start(module: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def run(module: str, *arguments: str, seconds: int = 300) -> Ended:
    program = start(module, *arguments)
    output, errors = program.communicate(timeout=seconds)
    return Ended(program.returncode, output, errors)


def folders(name: str) -> set[Path]:
    """The folders of runs of a command that exist now."""
    return set(LOCAL.glob(f"{name}-*"))


def processes_of(folder: Path) -> list[int]:
    """Processes whose command line or environment names a folder; Linux only."""
    wanted = os.fsencode(folder)
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                reported = (entry / "cmdline").read_bytes() + (entry / "environ").read_bytes()
            except OSError:
                continue
            if wanted in reported:
                found.append(int(entry.name))
    return found
