"""How the server process ends: with nothing left behind, and not later than promised."""

import os
import shutil
import signal
import threading
from pathlib import Path

from demo.local_aws import processes

_POLITE_SECONDS = 1.5


def end_everything() -> None:
    """Kill every process of this embedded AWS, remove its temporary files, and exit.

    Nothing is asked politely here: a Lambda worker that is in the middle of a handler,
    or a server that waits for a custom resource, would not answer.
    """
    mark = os.environ[processes.MARK]
    processes.kill_marked(mark, spare=frozenset({os.getpid()}))
    shutil.rmtree(Path(os.environ["TMPDIR"]), ignore_errors=True)
    if os.getpgid(0) == os.getpid():
        # Ends this process too, and workers where there is no /proc to find them by.
        os.killpg(0, signal.SIGKILL)
    os._exit(0)


def promise_end() -> None:
    """Make sure that ``end_everything`` runs soon, even if the server hangs."""
    timer = threading.Timer(_POLITE_SECONDS, end_everything)
    timer.daemon = True
    timer.start()
