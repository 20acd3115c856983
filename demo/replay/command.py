"""What `warden replay` does: alerts that the events of a file lead to."""

import sys
from collections.abc import Callable
from pathlib import Path

from demo.deployment.advisories import SyncFailedError
from demo.inbox import Alert
from demo.interruption import InterruptedRunError, interruptible
from demo.local_aws import LocalAwsError
from demo.programs import ProgramFailedError
from demo.replay.reading import read_events
from demo.replay.run import replay
from demo.screen import Screen
from demo.workshop import workshop


class NoReplayError(Exception):
    """The local AWS or the CDK failed; what is known of it was said already."""


def replay_file(file: Path, show: Callable[[Alert], None]) -> bool:
    """Replay a file, and say on standard error what goes on.

    Args:
        file: CloudTrail records or EventBridge events, JSON.
        show: Shows an alert.

    Returns:
        Whether every event was handled.

    Raises:
        BadInputError: The file holds no events.
        NoReplayError: The local AWS failed.
        KeyboardInterrupt: Somebody ended it; everything is cleaned up.
    """
    screen = Screen(sys.stderr)
    events = read_events(file)
    if not events:
        screen.note(f"{file}: no events, nothing to replay")
        return True
    try:
        with interruptible(), workshop("replay") as place:
            return replay(events, place, screen, show)
    except InterruptedRunError:
        raise KeyboardInterrupt from None
    except (LocalAwsError, ProgramFailedError, SyncFailedError) as error:
        screen.failure(error)
        raise NoReplayError("The local AWS failed.") from error
