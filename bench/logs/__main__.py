"""`python -m bench.logs [FILE...]`: what the log-watch finds, and how fast, beside plain ways.

Files are logs of real systems, such as those of https://github.com/logpai/loghub; every line that
is flagged in them is counted as a false alarm. Nothing of them is kept.
"""

import base64
import gzip
import json
import random
import re
import resource
import sys
import time
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import orjson

from bench.logs.labelled import lines
from functions.log_watch.engine.catalogue import built_in
from functions.log_watch.engine.observed import Observed
from functions.log_watch.engine.reader import LogReader
from functions.log_watch.sensitive.scan import SensitiveSearch
from functions.shared.config.logs import KNOWN_COUNTRIES
from functions.shared.core.redaction import redacted

_SEEDS: Final = range(101, 106)
_EVENTS: Final = 20_000
_BATCH: Final = 1_000
_ROUNDS: Final = 3
_LONG: Final = 1_000_000


def main(files: Sequence[str]) -> None:
    """Measure and print; nothing is asserted, because another machine is another measurement."""
    search = SensitiveSearch(KNOWN_COUNTRIES)
    search.all_in("warm up")
    _findings(search)
    _false_alarms(search, files)
    _speed(search)
    _long_lines(search)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"memory of this process at its peak: {peak:.0f} MB (goal: 160)")


def _findings(search: SensitiveSearch) -> None:
    print("labelled sets, one line each seed (goal: recall 0.95, precision 0.97)")
    for seed in _SEEDS:
        made = lines(seed)
        wanted = {one for one in made if one.kind}
        found = {one for one in made if search.all_in(one.text)}
        credentials = [one for one in made if one.kind == "credential"]
        missed = sum(redacted(one.text) == one.text for one in credentials)
        print(
            f"  {seed}: recall {len(found & wanted) / len(wanted):.3f}, precision "
            f"{len(found & wanted) / len(found):.3f}, redaction misses "
            f"{missed / len(credentials):.3f} of the credentials"
        )


def _false_alarms(search: SensitiveSearch, files: Sequence[str]) -> None:
    count = flagged = 0
    for name in files:
        for line in Path(name).read_text(encoding="utf-8", errors="replace").splitlines():
            count += 1
            flagged += bool(search.all_in(line))
    if count:
        rate = f"1 in {count / flagged:,.0f}" if flagged else "none"
        print(f"real logs: {flagged} of {count:,} lines flagged, {rate} (goal: 1 in 2,500)")


def _speed(search: SensitiveSearch) -> None:
    events = _events()
    packed = [_packed(events[at : at + _BATCH]) for at in range(0, len(events), _BATCH)]
    length = sum(len(one["message"]) for one in events) / len(events)
    print(f"lines a second and core, of {length:.0f} characters, base64, gzip and JSON included")
    plain = re.compile(
        "|".join(e for one in built_in() for e in one.expressions if "(?i)" not in e)
    )
    signals, everything = LogReader(built_in(), None), LogReader(built_in(), search)

    def by_re(batch: list[dict[str, Any]]) -> None:
        for event in batch:
            plain.search(event["message"])

    ways: dict[str, Callable[[list[dict[str, Any]]], None]] = {
        "signals and fingerprints (goal: 350,000)": lambda batch: signals.read(batch, Observed()),
        "and the sensitive search (goal: 120,000)": lambda batch: everything.read(
            batch, Observed()
        ),
        "rival: one alternation of Python's re, without anything more": by_re,
    }
    best: dict[str, float] = {}
    for _ in range(_ROUNDS):
        for name, read in ways.items():
            started = time.process_time()
            for one in packed:
                read(_unpacked(one))
            rate = len(events) / (time.process_time() - started)
            best[name] = max(best.get(name, 0), rate)
    for name, rate in best.items():
        print(f"  {rate:>10,.0f}  {name}")


def _long_lines(search: SensitiveSearch) -> None:
    worst = 0.0
    for unit in ("password=x1 ", "4111 1111 ", "secret_", "a@b.co ", "eyJ", "x", "ssn 1"):
        text = unit * (_LONG // len(unit))
        started = time.process_time()
        search.all_in(text)
        worst = max(worst, time.process_time() - started)
    print(f"the longest of seven lines of a megabyte: {worst:.2f} s (goal: 1)")


def _events() -> list[dict[str, Any]]:
    r = random.Random(7)  # noqa: S311 - the same lines each time
    return [
        {"id": str(10**55 + n), "timestamp": 1_773_129_600_000 + n, "message": _line(r, n)}
        for n in range(_EVENTS)
    ]


def _line(r: random.Random, n: int) -> str:
    """What functions log: a tenth reports, a tenth starts, six in a hundred errors."""
    request = f"{r.getrandbits(32):08x}-8d3e-4a64-b1a9-{r.getrandbits(48):012x}"
    kind = r.random()
    if kind < 0.1:
        return (
            f"REPORT RequestId: {request}\tDuration: 12.30 ms\tBilled Duration: 13 ms\t"
            f"Memory Size: 512 MB\tMax Memory Used: {100 + n % 9} MB\t"
        )
    if kind < 0.2:
        return f"START RequestId: {request} Version: $LATEST"
    begin = f"2026-03-10T08:00:00.{n % 1000:03}Z\t{request}"
    if kind < 0.26:
        stack = ["TypeError: x", f"    at handler{n % 7} (/var/task/index.js:{n}:2)"]
        error = {"errorType": "TypeError", "errorMessage": f"no order {n}", "stack": stack}
        return f"{begin}\tERROR\tInvoke Error \t{json.dumps(error)}"
    rest = "and what else a program says of its work in a line that is as long as lines usually are"
    return f"{begin}\tINFO\tprocessed order {n} for customer {n * 7} in 12.3 ms, status ok, {rest}"


def _packed(events: list[dict[str, Any]]) -> str:
    document = {"messageType": "DATA_MESSAGE", "logEvents": events}
    return base64.b64encode(gzip.compress(json.dumps(document).encode())).decode()


def _unpacked(data: str) -> list[dict[str, Any]]:
    text = zlib.decompressobj(wbits=31).decompress(base64.b64decode(data))
    events: list[dict[str, Any]] = orjson.loads(text)["logEvents"]
    return events


if __name__ == "__main__":
    main(sys.argv[1:])
