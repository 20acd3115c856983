"""`python -m tests.fuzz [--seconds 60] [--seed N] [TARGET...]`: each target for some time."""

import argparse
import sys
import time

from tests.fuzz.run import failures
from tests.fuzz.targets import TARGETS


def main() -> int:
    """Fuzz the targets named, all where none is; 1 where something is wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help="of these: all by default")
    parser.add_argument("--seconds", type=float, default=60, help="for each target")
    parser.add_argument("--seed", type=int, default=int(time.time()), help="which inputs")
    asked = parser.parse_args()
    wrong = 0
    for name in asked.targets or TARGETS:
        sys.stderr.write(f"{name} (seed {asked.seed})\n")
        for fault in failures(TARGETS[name], seed=asked.seed, seconds=asked.seconds):
            wrong += 1
            sys.stdout.write(f"{name}: {fault}\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
