"""`python -m demo`: deploy Lambda Warden into a local AWS and watch it at work."""

import argparse
import sys
from pathlib import Path

from demo.deployment.advisories import SyncFailedError
from demo.interruption import STATUS, InterruptedRunError, interruptible
from demo.local_aws import LocalAwsError
from demo.programs import ProgramFailedError
from demo.screen import Screen
from demo.story import tell
from demo.summary import summarize
from demo.workshop import workshop


def main() -> int:
    """Run the demonstration.

    Returns:
        0 if every promised alert arrived and the well-kept function stayed silent, 1 if not,
        130 if it was interrupted.
    """
    parser = argparse.ArgumentParser(prog="python -m demo", description=__doc__)
    parser.add_argument("--svg", type=Path, metavar="FILE", help="also save a picture of it")
    svg: Path | None = parser.parse_args().svg
    screen = Screen(sys.stdout, record=svg is not None)
    try:
        with interruptible(), workshop("demo") as place:
            result = tell(place, screen)
            summarize(result, screen)
    except InterruptedRunError:
        screen.note("Interrupted; everything that was started has ended.", "yellow")
        return STATUS
    except (LocalAwsError, ProgramFailedError, SyncFailedError) as error:
        screen.failure(error)
        return 1
    if svg:
        screen.save_picture(svg, "make demo")
    return 0 if result.kept else 1


if __name__ == "__main__":
    sys.exit(main())
