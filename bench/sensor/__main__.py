"""What the sensor costs: `python -m bench.sensor [ROUNDS]` writes bench/sensor/measured.md.

Three copies of each function run at once and are invoked in turn: with the sensor, without it, and
without it once more. The third is the control: what differs between the second and the third is
noise. Invocations are timed from the event to the answer, and compared within each round; a cold
start is processor time, which other work on the machine disturbs least.
"""

import os
import statistics
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from demo.runtime.live import Live, host_library

_ROUNDS: Final = 60
_PAGE: Final = Path(__file__).with_name("measured.md")

PYTHON: Final[Mapping[str, str]] = {
    "no-op": "def handler(event, _): return 1",
    "copy.deepcopy": "import copy\nD = [{str(i): list(range(9))} for i in range(120)]\n"
    "def handler(event, _): copy.deepcopy(D)",
    "id() and exceptions": "def handler(event, _):\n"
    "    for i in range(9000):\n        try: raise ValueError(id(i))\n"
    "        except ValueError: pass",
    "own files": "import os\nP = os.environ['LAMBDA_TASK_ROOT'] + '/data.txt'\n"
    "def handler(event, _):\n    for _ in range(100): open(P, 'rb').read()",
    "files in /tmp": "def handler(event, _):\n    for i in range(60):\n"
    "        open(f'/tmp/warden-bench-{i}', 'w').write('x')\n"
    "        open(f'/tmp/warden-bench-{i}').read()",
    "five children": "import subprocess\ndef handler(event, _):\n"
    "    for _ in range(5): subprocess.run(['/bin/true'])",
}


@dataclass(frozen=True, slots=True)
class Row:
    """Milliseconds of one kind of function in the median, and of its rounds' differences."""

    name: str
    without: float
    sensor: float
    control: float

    def line(self) -> str:
        """As a row of the page."""
        share = 100 / self.without if self.without else 0
        return (
            f"| {self.name} | {self.without:.3f} "
            f"| {self.sensor:+.3f} ({self.sensor * share:+.1f} %) "
            f"| {self.control:+.3f} ({self.control * share:+.1f} %) |"
        )


def compare(name: str, source: str, rounds: int) -> Row:
    """Run one function three times over."""
    with tempfile.TemporaryDirectory() as place, ExitStack() as stack:
        folder = Path(place)
        (folder / "app.py").write_text(source, encoding="utf-8")
        (folder / "data.txt").write_text("data", encoding="utf-8")
        command = [sys.executable, "-m", "awslambdaric", "app.handler"]
        lives = [
            stack.enter_context(Live(command, folder, sensor=library))
            for library in (None, host_library(), None)
        ]
        times: list[list[float]] = [[], [], []]
        for number in range(rounds + 5):
            order = [(number + step) % 3 for step in range(3)]
            for which in order:
                taken = lives[which].invoke({}).milliseconds
                if number >= 5:
                    times[which].append(taken)
    plain, sensor, control = times
    return Row(
        name,
        statistics.median(plain),
        statistics.median(b - a for a, b in zip(plain, sensor, strict=True)),
        statistics.median(b - a for a, b in zip(plain, control, strict=True)),
    )


def cold(rounds: int) -> tuple[float, float, float]:
    """Milliseconds from start to readiness: without, and more with the sensor and the control."""
    times: list[list[float]] = [[], [], []]
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "app.py").write_text(PYTHON["no-op"], encoding="utf-8")
        command = [sys.executable, "-m", "awslambdaric", "app.handler"]
        for number in range(rounds):
            for which in [(number + step) % 3 for step in range(3)]:
                before = os.times()
                with Live(command, folder, sensor=host_library() if which == 1 else None):
                    pass
                after = os.times()
                used = after.children_user + after.children_system
                times[which].append(1000 * (used - before.children_user - before.children_system))
    plain, sensor, control = (statistics.mean(one) for one in times)
    return plain, sensor - plain, control - plain


def main(arguments: Sequence[str] = ()) -> None:
    """Measure, and write the page."""
    rounds = int(arguments[0]) if arguments else _ROUNDS
    rows = []
    for name, source in PYTHON.items():
        rows.append(compare(name, source, rounds))
        print(rows[-1].line(), flush=True)
    plain, sensor, control = cold(max(rounds // 4, 4))
    cold_line = f"| cold start (processor) | {plain:.0f} | {sensor:+.1f} | {control:+.1f} |"
    print(cold_line)
    _PAGE.write_text(
        "# What the sensor costs\n\n"
        f"Made by `python -m bench.sensor {rounds}` under awslambdaric on Python "
        f"{sys.version_info.major}.{sys.version_info.minor}, load {os.getloadavg()[0]:.0f} on "
        f"{os.cpu_count()} processors. Milliseconds for an invocation in the median, and the "
        "median of the differences to it in the same round; the control is a copy without the "
        "sensor: its difference is noise.\n\n"
        "| function | without | with the sensor | control |\n| --- | --- | --- | --- |\n"
        + "\n".join([*(row.line() for row in rows), cold_line])
        + "\n",
        encoding="utf-8",
    )


if __name__ == "__main__":
    main(sys.argv[1:])
