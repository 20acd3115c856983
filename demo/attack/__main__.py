"""`python -m demo.attack`: replay a denial-of-wallet attack, and draw it."""

import argparse
import logging
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from demo.attack.picture import picture
from demo.attack.replay import replay, reported
from demo.attack.traffic import Attack
from demo.project import ROOT
from functions.shared.config import load_config

ATTACK: Final = Attack(
    per_minute=600,
    duration_ms=300,
    memory_mib=512,
    start=datetime(2026, 11, 17, 10, 7, tzinfo=UTC),
    minutes=180,
    factor=400,
)
_WATCHED: Final = {"detector": {"history_days": 7}}
_GUARDED: Final = {**_WATCHED, "guard": {"modes": {"experimental": "enforce"}}}


def main() -> int:
    """Replay, draw, and print what came of it."""
    parser = argparse.ArgumentParser(prog="python -m demo.attack", description=__doc__)
    parser.add_argument("--svg", type=Path, default=ROOT / "docs" / "attack.svg", metavar="FILE")
    file: Path = parser.parse_args().svg
    logging.disable(logging.CRITICAL)  # the handlers' own logs are not the story
    guarded = replay(ATTACK, load_config(_GUARDED))
    without = replay(ATTACK, load_config(_WATCHED))
    file.write_text(picture(ATTACK, guarded, without), encoding="utf-8")
    healthy = sum(one.healthy for one in guarded.minutes)
    say = sys.stdout.write
    for name, run in (("without the guard", without), ("with the guard", guarded)):
        say(
            f"{name}: ${sum(run.costs(ATTACK)):,.2f}; healthy calls refused in "
            f"{len(run.suffering)} minutes, {run.healthy_refused / healthy:.1%} of them\n"
        )
    say("reserved concurrency, as the guard set it:\n")
    for line in reported(guarded):
        say(f"  {line}\n")
    say(f"drawn in {file}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
