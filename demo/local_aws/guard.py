"""The server's watch over its parent: when the parent is gone, everything ends at once."""

import os
import select
import sys
import threading

from demo.local_aws.shutdown import end_everything

_CHECK_SECONDS = 0.5


def watch_parent() -> None:
    """End this process and all it started as soon as the parent has ended.

    The parent holds the other end of standard input. Its closing is the sign; a changed
    parent id is a second one, for a pipe that a forked copy of the parent keeps open.
    """
    threading.Thread(target=_watch, args=(os.getppid(),), name="parent-guard", daemon=True).start()


def _watch(parent: int) -> None:
    pipe = sys.stdin.fileno()
    while os.getppid() == parent:
        readable, _, _ = select.select([pipe], [], [], _CHECK_SECONDS)
        if readable and not os.read(pipe, 1):
            break
    end_everything()
