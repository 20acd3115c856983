"""Measures the advisory index: building it, opening it, and looking packages up.

Against the obvious alternative in the same run: reading every record of the exports for the wanted
packages, which is what a tool without an index does on each run. Synthetic exports have the size
and the mix of OSV's; real ones can be given too:

    python -m bench.advisory_index [--rows 300000] [--advisories DIR] [--json FILE]

A cold look-up is the first one of a fresh process, on a file that was just written, as after a
download in a cold Lambda; "evicted" is the same after the file was dropped from the page cache.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from statistics import median
from time import perf_counter
from typing import Any, Final

from functions.shared.advisories.build import build_index
from functions.shared.advisories.names import index_name
from warden.scan.advisory_folder import exports_in

LOOKUPS: Final = 250
_ROUNDS: Final = 5
# Shares of OSV's exports: most of it is npm, and most of npm is malicious packages.
_SHARES: Final = {
    "npm": 0.74,
    "PyPI": 0.09,
    "Maven": 0.03,
    "Go": 0.05,
    "NuGet": 0.02,
    "crates.io": 0.02,
    "RubyGems": 0.05,
}
_MALICIOUS_SHARE: Final = 0.9  # of npm
_NOW: Final = datetime(2026, 1, 1, tzinfo=UTC)

# Runs in a fresh process: what a cold function does between download and answer.
_COLD: Final = """
import json, sys
from time import perf_counter
started = perf_counter()
from pathlib import Path
from functions.shared.advisories.index import AdvisoryIndex
imported = perf_counter()
wanted = json.loads(Path(sys.argv[2]).read_text())
begun = perf_counter()
index = AdvisoryIndex.open(Path(sys.argv[1]))
opened = perf_counter()
def look_up():
    return sum(len(index.lookup(ecosystem, name)) for ecosystem, name in wanted)
found = look_up()
first = perf_counter()
rounds = []
for _ in range(20):
    at = perf_counter()
    look_up()
    rounds.append(perf_counter() - at)
status = Path("/proc/self/status").read_text().split("VmHWM:")[1]
print(json.dumps({
    "import": imported - started, "open": opened - begun, "cold": first - begun,
    "warm": sorted(rounds)[len(rounds) // 2], "found": found,
    "memory": int(status.split()[0]) / 1e6,
}))
"""


def main() -> None:
    """Measure, print a table, and write the figures if asked to."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rows", type=int, default=300_000)
    parser.add_argument("--advisories", type=Path, help="real exports, as ECOSYSTEM/all.zip")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    arguments = parser.parse_args()
    figures: dict[str, Any] = {}
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        write_exports(folder / "synthetic", arguments.rows)
        figures["synthetic"] = measure(folder / "synthetic", folder)
        if arguments.advisories:
            figures["real"] = measure(arguments.advisories, folder)
    for corpus, measured in figures.items():
        print(corpus)
        for figure, value in measured.items():
            print(f"  {figure:<44}{value:>14,.2f}")
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=2) + "\n")


def measure(exports: Path, scratch: Path) -> dict[str, float]:
    """All figures of one set of exports; times in milliseconds, sizes in megabytes."""
    path = scratch / "index.sqlite"
    begun = perf_counter()
    report = build_index(exports_in(exports, _NOW), path, _NOW)
    built = perf_counter() - begun
    names = package_names(exports)
    wanted = random.Random(1).sample(names, min(LOOKUPS * 4 // 5, len(names)))  # noqa: S311
    wanted += [("npm", f"unheard-of-{number}") for number in range(LOOKUPS - len(wanted))]
    list_file = scratch / "wanted.json"
    list_file.write_text(json.dumps(wanted))
    cold = [_fresh(path, list_file, evict=False) for _ in range(_ROUNDS)]
    evicted = [_fresh(path, list_file, evict=True) for _ in range(_ROUNDS)]
    begun = perf_counter()
    found = scan_exports(exports, wanted)
    scan = perf_counter() - begun
    if any(run["found"] != found for run in (*cold, *evicted)):
        raise SystemExit("the index and the scan of the exports disagree")
    cold_ms = _median(cold, "cold")
    return {
        "rows": sum(one.state.rows for one in report.exports),
        "look-ups": len(wanted),
        "entries found": found,
        "index size (MB)": report.size / 1e6,
        "build (ms)": built * 1e3,
        "peak memory of this process (MB)": getrusage(RUSAGE_SELF).ru_maxrss / 1e3,
        "peak memory of a look-up process (MB)": _median(cold, "memory"),
        "import (ms)": _median(cold, "import"),
        "open (ms)": _median(cold, "open"),
        "open and look up, cold (ms; goal 300)": cold_ms,
        "open and look up, evicted (ms)": _median(evicted, "cold"),
        "look up, warm (ms; goal 5)": _median(cold, "warm"),
        "scan of the exports (ms)": scan * 1e3,
        "scan / cold": scan * 1e3 / cold_ms,
    }


def scan_exports(folder: Path, wanted: list[tuple[str, str]]) -> int:
    """The rival: read every record of the wanted ecosystems, keep what names a package."""
    names: dict[str, set[str]] = {}
    for ecosystem, name in wanted:
        names.setdefault(ecosystem, set()).add(name)
    return sum(
        1
        for ecosystem, of_interest in names.items()
        for name in _affected_names(folder, ecosystem)
        if name in of_interest
    )


def package_names(folder: Path) -> list[tuple[str, str]]:
    """Every package that an export names, sorted."""
    return sorted(
        {
            (archive.parent.name, name)
            for archive in folder.glob("*/all.zip")
            for name in _affected_names(folder, archive.parent.name)
        }
    )


def _affected_names(folder: Path, ecosystem: str) -> Iterator[str]:
    with zipfile.ZipFile(folder / ecosystem / "all.zip") as archive:
        for entry in archive.namelist():
            record = json.loads(archive.read(entry))
            if "withdrawn" not in record:
                for affected in record["affected"]:
                    if affected["package"]["ecosystem"] == ecosystem:
                        yield index_name(ecosystem, affected["package"]["name"])


def _fresh(path: Path, wanted: Path, *, evict: bool) -> dict[str, float]:
    """One run in a new process."""
    if evict:
        with path.open("rb") as file:
            os.fsync(file.fileno())
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    answer = subprocess.run(
        [sys.executable, "-c", _COLD, str(path), str(wanted)],
        check=True,
        capture_output=True,
        text=True,
    )
    figures: dict[str, float] = json.loads(answer.stdout)
    return figures


def _median(runs: list[dict[str, float]], figure: str) -> float:
    return median(run[figure] for run in runs) * 1e3


def write_exports(folder: Path, rows: int) -> None:
    """Write synthetic exports with this number of rows in all."""
    chance = random.Random(20260101)  # noqa: S311 - the same corpus on every machine
    for ecosystem, share in _SHARES.items():
        path = folder / ecosystem / "all.zip"
        path.parent.mkdir(parents=True)
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for number in range(round(rows * share)):
                record = _record(ecosystem, number, chance)
                archive.writestr(f"{record['id']}.json", json.dumps(record))


def _record(ecosystem: str, number: int, chance: random.Random) -> dict[str, Any]:
    if ecosystem == "npm" and chance.random() < _MALICIOUS_SHARE:
        return _malicious(number, chance)
    # Popular packages gather most advisories.
    name = f"package-{int(chance.paretovariate(0.5)) % 20_000}"
    if ecosystem == "Maven":
        name = f"org.{name}:{name}"
    time = _time(chance)
    fixed = f"{chance.randrange(9)}.{chance.randrange(30)}.{chance.randrange(30)}"
    versions = [f"{major}.{minor}.0" for major in range(3) for minor in range(20)]
    return {
        "schema_version": "1.7.0",
        "id": f"GHSA-{ecosystem}-{number:06}",
        "aliases": [f"CVE-{2015 + number % 11}-{number:06}"],
        "modified": time,
        "published": time,
        "summary": " ".join(chance.choices(("code", "injection", "in", "parser", "of"), k=9)),
        "details": "A longer text that nobody looks up. " * 30,
        "severity": [
            {
                "type": "CVSS_V3",
                "score": f"CVSS:3.1/AV:N/AC:{chance.choice('LH')}/PR:{chance.choice('NLH')}/UI:N"
                f"/S:U/C:{chance.choice('NLH')}/I:{chance.choice('NLH')}/A:{chance.choice('LH')}",
            }
        ],
        "affected": [
            {
                "package": {"ecosystem": ecosystem, "name": name},
                "ranges": [
                    {"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": fixed}]}
                ],
                "versions": versions if ecosystem in {"PyPI", "Maven", "NuGet"} else [],
            }
        ],
        "references": [
            {"type": "ADVISORY", "url": f"https://example.org/{ecosystem}/advisories/{number}"},
            {"type": "FIX", "url": f"https://example.org/{ecosystem}/commit/{number:040x}"},
            {"type": "WEB", "url": f"https://example.org/{ecosystem}/issues/{number}"},
        ],
    }


def _malicious(number: int, chance: random.Random) -> dict[str, Any]:
    name = f"{chance.choice(('loadsh', 'reacct', '@types-x/node', 'colour'))}-{number}"
    time = _time(chance)
    return {
        "schema_version": "1.7.0",
        "id": f"MAL-2026-{number}",
        "modified": time,
        "published": time,
        "summary": f"Malicious code in {name} (npm)",
        "details": "Any computer that has this package installed is fully compromised. " * 8,
        "affected": [
            {
                "package": {"ecosystem": "npm", "name": name},
                "ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}]}],
                "versions": ["1.0.0", "99.99.99"],
            }
        ],
        "references": [{"type": "WEB", "url": f"https://example.org/advisories/MAL-2026-{number}"}],
    }


def _time(chance: random.Random) -> str:
    return (_NOW - timedelta(minutes=chance.randrange(3_000_000))).isoformat()


if __name__ == "__main__":
    main()
