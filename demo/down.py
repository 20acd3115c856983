"""`python -m demo.down`: end what `python -m demo.up` left running. Safe to repeat."""

import shutil
import sys

from demo.local_aws import stop_recorded
from demo.project import STANDING


def main() -> int:
    """End it, and remove its folder."""
    ended = stop_recorded(STANDING)
    shutil.rmtree(STANDING, ignore_errors=True)
    said = "Nothing was running." if ended is None else f"Ended; port {ended.port} is free again."
    sys.stderr.write(said + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
