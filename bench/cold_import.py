"""Measures what importing each handler costs a cold start, against boto3 and pydantic alone.

pydantic imports nothing of itself until a name is taken from it; the reference takes one.

Every import runs in a fresh interpreter with its bytecode in place; the runs are interleaved, so
that a busy machine slows all of them alike. Run from the repository's root:

    python -m bench.cold_import
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Final

REFERENCE: Final = "import boto3; from pydantic import BaseModel"
TARGET: Final = 1.5
_CLOCK: Final = (
    "from time import perf_counter as clock; start = clock(); {code}; print(clock() - start)"
)
_LONGEST: Final = 120.0


def handlers(root: Path) -> list[str]:
    """Modules that hold a Lambda handler."""
    return sorted(f"functions.{path.parent.name}.handler" for path in root.glob("*/handler.py"))


def seconds(code: str, bytecode: Path) -> float:
    """How long some imports take in a fresh interpreter.

    Args:
        code: The imports.
        bytecode: Folder for compiled modules, filled by the first run.

    Raises:
        CalledProcessError: They fail.
    """
    done = subprocess.run(
        [sys.executable, "-c", _CLOCK.format(code=code)],
        capture_output=True,
        check=True,
        text=True,
        env={
            **{key: text for key, text in os.environ.items() if not key.startswith("PYTHON")},
            "PYTHONPYCACHEPREFIX": str(bytecode),
        },
        timeout=_LONGEST,
    )
    return float(done.stdout.splitlines()[-1])


def measure(modules: Sequence[str], runs: int) -> dict[str, float]:
    """Median seconds of the reference and of each module's import."""
    codes = {REFERENCE: REFERENCE, **{module: f"import {module}" for module in modules}}
    times: dict[str, list[float]] = {name: [] for name in codes}
    with tempfile.TemporaryDirectory() as folder:
        for code in codes.values():
            seconds(code, Path(folder))
        for _ in range(runs):
            for name, code in codes.items():
                times[name].append(seconds(code, Path(folder)))
    return {name: median(values) for name, values in times.items()}


def main() -> int:
    """Print one line for each handler; the exit code is 1 where one misses the target."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--json", action="store_true", help="print one JSON object instead")
    arguments = parser.parse_args()
    medians = measure(handlers(Path("functions")), arguments.runs)
    reference = medians.pop(REFERENCE)
    ratios = {name: value / reference for name, value in medians.items()}
    if arguments.json:
        print(json.dumps({"reference_seconds": reference, "ratios": ratios}))
    else:
        print(f"{REFERENCE}: {reference * 1000:.0f} ms (median of {arguments.runs} runs)")
        for name, ratio in ratios.items():
            print(f"{name:38} {medians[name] * 1000:5.0f} ms  {ratio:4.2f} times")
    return 0 if all(ratio <= TARGET for ratio in ratios.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
