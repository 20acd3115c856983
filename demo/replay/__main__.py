"""`python -m demo.replay FILE`: alerts that the events of a file lead to, as JSON lines.

Standard output carries one alert a line and nothing else; everything else goes to standard error.
"""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from demo.deployment.advisories import SyncFailedError
from demo.inbox import Alert
from demo.interruption import STATUS, InterruptedRunError, interruptible
from demo.local_aws import LocalAwsError
from demo.programs import ProgramFailedError
from demo.replay.reading import BadInputError, read_events
from demo.replay.run import replay
from demo.screen import Screen
from demo.workshop import workshop

_BAD_INPUT: Final = 2


def main(arguments: Sequence[str], *, prog: str = "python -m demo.replay") -> int:
    """Replay a file.

    Args:
        arguments: The command line without the program.
        prog: What the usage line begins with.

    Returns:
        0 if every event was handled, 1 if not or if the local AWS failed, 2 for a bad file,
        130 if it was interrupted.
    """
    parser = argparse.ArgumentParser(prog=prog, description=__doc__)
    parser.add_argument("file", type=Path, help="CloudTrail records or EventBridge events, JSON")
    file: Path = parser.parse_args(arguments).file
    screen = Screen(sys.stderr)
    try:
        events = read_events(file)
    except BadInputError as error:
        screen.note(str(error), "red")
        return _BAD_INPUT
    if not events:
        screen.note(f"{file}: no events, nothing to replay")
        return 0
    try:
        with interruptible(), workshop("replay") as place:
            return 0 if replay(events, place, screen, _print) else 1
    except InterruptedRunError:
        return STATUS
    except BrokenPipeError:
        # Nobody reads on, as with `| head`. Python would complain once more when it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except (LocalAwsError, ProgramFailedError, SyncFailedError) as error:
        screen.failure(error)
        return 1


def _print(alert: Alert) -> None:
    sys.stdout.write(json.dumps(alert.document, ensure_ascii=False) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
