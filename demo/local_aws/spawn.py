"""Starting the server process, tied to this process or on its own."""

import subprocess
import sys
from pathlib import Path

LOG = "server.log"
_PROJECT = Path(__file__).resolve().parents[2]

_TIED: dict[int, "subprocess.Popen[bytes]"] = {}
"""Servers whose standard input we hold open: its closing tells them of our end."""


def spawn(directory: Path, environment: dict[str, str], *, detached: bool) -> int:
    """Start the server in a session of its own and return its process id.

    Args:
        directory: where its log goes.
        environment: its whole environment.
        detached: let it outlive this process.
    """
    command = [sys.executable, "-m", "demo.local_aws.server"]
    if not detached:
        command.append("--with-parent")
    with (directory / LOG).open("wb") as log:
        process = subprocess.Popen(
            command,
            cwd=_PROJECT,
            env=environment,
            stdin=subprocess.DEVNULL if detached else subprocess.PIPE,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    if detached:
        # Nobody waits for it; the interpreter should not warn of that.
        process.returncode = 0
    else:
        _TIED[process.pid] = process
    return process.pid


def let_go(pid: int) -> None:
    """Forget a server that has ended."""
    process = _TIED.pop(pid, None)
    if process is not None and process.stdin is not None:
        process.stdin.close()
        process.poll()
