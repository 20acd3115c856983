"""Processes of the embedded AWS: finding them by their mark, and ending all of them.

Two nets, because a Lambda handler may do anything: the server leads its own process
group, which its Lambda workers share; and every descendant inherits ``MARK`` in its
environment, which also finds one that left the group (Linux only, through /proc).
"""

import os
import signal
import socket
import time
from collections.abc import Callable
from pathlib import Path

MARK = "LOCAL_AWS_MARK"
"""Environment variable that every process of one embedded AWS carries."""

LOOPBACK = "127.0.0.1"
_POLL_SECONDS = 0.02


def free_port() -> int:
    """Return a port on the loopback interface that is free for TCP and UDP right now.

    Raises:
        OSError: none was found in a hundred tries.
    """
    for _ in range(100):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.bind((LOOPBACK, 0))
            port: int = probe.getsockname()[1]
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as twin:
                try:
                    twin.bind((LOOPBACK, port))
                except OSError:
                    continue
                return port
    raise OSError("port: none is free for both TCP and UDP")


def listening(port: int) -> bool:
    """Tell whether something accepts connections on ``port`` of the loopback interface."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.settimeout(1)
        return probe.connect_ex((LOOPBACK, port)) == 0


def marked(mark: str) -> list[int]:
    """Return the ids of all living processes whose environment carries ``mark``.

    Empty where there is no /proc (macOS): the process group is the only net there.
    """
    wanted = f"{MARK}={mark}".encode()
    return [pid for pid in _all_pids() if wanted in _environment(pid) and not _is_zombie(pid)]


def end_group(leader: int, mark: str, *, grace_seconds: float) -> None:
    """End a server and everything it started: politely first, then without asking.

    Args:
        leader: process id of the server, which is also its group's id.
        mark: the mark of its processes.
        grace_seconds: how long it may take to end by itself.
    """
    if belongs_to(leader, mark):
        _signal(leader, signal.SIGTERM)
        _wait(lambda: not alive(leader), grace_seconds)
        _signal_group(leader, signal.SIGKILL)
    kill_marked(mark)
    _wait(lambda: not alive(leader) and not marked(mark), seconds=2)


def kill_marked(mark: str, *, spare: frozenset[int] = frozenset()) -> None:
    """Kill every marked process except the spared ones, again until none is left."""
    for _ in range(50):
        others = [pid for pid in marked(mark) if pid not in spare]
        if not others:
            return
        for pid in others:
            _signal(pid, signal.SIGKILL)
        time.sleep(_POLL_SECONDS)


def belongs_to(pid: int, mark: str) -> bool:
    """Tell whether ``pid`` lives and carries ``mark``; a recycled process id does not.

    Without /proc the mark cannot be read and a living process is taken for ours.
    """
    if not Path("/proc/self/environ").exists():
        return alive(pid)
    return pid in marked(mark)


def alive(pid: int) -> bool:
    """Tell whether the process exists and is not just waiting to be collected."""
    ours = _own_child_alive(pid)
    if ours is not None:
        return ours
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return not _is_zombie(pid)


def _own_child_alive(pid: int) -> bool | None:
    """Collect ``pid`` if it is our own ended child; None if it is not our child (any more)."""
    try:
        return os.waitpid(pid, os.WNOHANG)[0] == 0
    except ChildProcessError:
        return None


def _all_pids() -> list[int]:
    proc = Path("/proc")
    if not proc.is_dir():
        return []
    return [int(entry.name) for entry in proc.iterdir() if entry.name.isdigit()]


def _environment(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/environ").read_bytes()
    except OSError:
        return b""


def _is_zombie(pid: int) -> bool:
    """Tell whether only the process's entry is left; ports are held until its last thread."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
        threads = len(list(Path(f"/proc/{pid}/task").iterdir()))
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[:1] == ["Z"] and threads <= 1


def _signal(pid: int, what: signal.Signals) -> None:
    try:
        os.kill(pid, what)
    except (ProcessLookupError, PermissionError):
        return


def _signal_group(leader: int, what: signal.Signals) -> None:
    try:
        os.killpg(leader, what)
    except (ProcessLookupError, PermissionError):
        return


def _wait(done: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not done() and time.monotonic() < deadline:
        time.sleep(_POLL_SECONDS)
