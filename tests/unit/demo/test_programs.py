import os
import sys
import threading
import time
from pathlib import Path

import pytest

from demo.programs import ProgramFailedError, Programs

ENDLESS = (
    "import subprocess, sys, time\n"
    "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
    "print(child.pid, flush=True)\n"
    "time.sleep(600)\n"
)


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def test_a_failing_program_is_named_with_what_it_said(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "print('no luck'); raise SystemExit(3)"]
    with Programs() as programs, pytest.raises(ProgramFailedError, match=r"(?s)status 3.*no luck"):
        programs.run(command, os.environ, tmp_path / "log")


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc")
def test_the_end_of_a_run_ends_its_programs_and_what_they_started(tmp_path: Path) -> None:
    log = tmp_path / "log"
    failures: list[ProgramFailedError] = []

    def run(programs: Programs) -> None:
        try:
            programs.run([sys.executable, "-c", ENDLESS], os.environ, log)
        except ProgramFailedError as error:
            failures.append(error)

    with Programs() as programs:
        thread = threading.Thread(target=run, args=(programs,))
        thread.start()
        while not (log.exists() and log.read_text().endswith("\n")):
            time.sleep(0.01)
    thread.join()
    assert failures
    grandchild = int(log.read_text())
    assert not alive(grandchild)


def test_nothing_is_started_once_the_run_is_over(tmp_path: Path) -> None:
    with Programs() as programs:
        pass
    with pytest.raises(ProgramFailedError, match="not started"):
        programs.run([sys.executable, "-c", ""], os.environ, tmp_path / "log")
