"""How long functions wait behind hostile ones in the scanner's queue.

    python -m bench.hostile_queue [--hostile N] [--honest N]

As many processes as the scanner has slots take looks from one queue, first come first served, each
look with all that reads an artefact: download from a server, its process with limits, packages. The
hostile ones stand in front. Two kinds: archives that once stalled a parser, and the worst that any
can do, code that computes without end until its process is ended. Compared with the same queue
without them, in the same run; the goal is less than 30 seconds more for the last of the honest.
The slots share this machine's processors; in Lambda each has most of one for itself.
"""

import argparse
import io
import json
import multiprocessing
import sys
import threading
import time
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final

from functions.scanner.inventory import artifact
from functions.scanner.inventory.artifact import read_artifact
from functions.scanner.outside_bytes import inventory_of
from functions.shared.runtime.confined import ConfinedError

_SLOTS: Final = 4
_GOAL_SECONDS: Final = 30
_ENDLESS: Final = "endless"


def main() -> int:
    """Measure, print; 1 where the goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--hostile", type=int, default=_SLOTS)
    parser.add_argument("--honest", type=int, default=12)
    asked = parser.parse_args()
    honest = {f"honest-{number}": _honest(number) for number in range(asked.honest)}
    figures = {}
    with serving({**honest, "jar": _jar(), _ENDLESS: _honest(0)}) as url:
        alone = _last(url, [], list(honest))
        for kind in ("jar", _ENDLESS):
            figures[kind] = _last(url, [kind] * asked.hostile, list(honest))
    print(f"{asked.honest} honest functions alone, the last looked at after {alone:.1f} s")
    for kind, seconds in figures.items():
        print(
            f"behind {asked.hostile} of kind {kind!r}: {seconds:.1f} s, {seconds - alone:.1f} more"
        )
    worst = max(figures.values()) - alone
    print(json.dumps({"alone": alone, **figures, "delay": worst, "goal": _GOAL_SECONDS}))
    return 0 if worst < _GOAL_SECONDS else 1


def _last(url: str, before: list[str], honest: list[str]) -> float:
    """Seconds until the last honest function was looked at."""
    started = time.perf_counter()
    last = started
    context = multiprocessing.get_context("fork")
    with context.Pool(_SLOTS) as slots:
        for name, at in slots.imap_unordered(partial(_look, url), before + honest):
            last = max(last, at) if name in honest else last
    return last - started


def _look(url: str, name: str) -> tuple[str, float]:
    if name == _ENDLESS:
        artifact.read_artifact = _endless  # type: ignore[assignment]  # in this slot's process only
    try:
        inventory_of(f"{url}/{name}", label="", size=1000)
    except ConfinedError as error:
        print(f"  {name}: {error}", file=sys.stderr)
    finally:
        artifact.read_artifact = read_artifact
    return name, time.perf_counter()


def _endless(*_: object, **__: object) -> None:
    while True:
        pass


def _honest(number: int) -> bytes:
    """A function with forty packages."""
    return _zipped({
        f"node_modules/p{index}/package.json": json.dumps({"name": f"p{index}", "version": "1.0.0"})
        for index in range(number, number + 40)
    })  # fmt: skip


def _jar() -> bytes:
    """A zip of a kilobyte whose inner archive's name once took exponential time to read."""
    name = f"a-1{'-beta' * 40}!.jar"
    return _zipped({name: _zipped({"META-INF/MANIFEST.MF": "A: b\n", "a/B.class": "x"})})


def _zipped(members: Mapping[str, str | bytes]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return data.getvalue()


@contextmanager
def serving(files: Mapping[str, bytes]) -> Iterator[str]:
    """The address of a server with these files."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            data = files[self.path.lstrip("/")]
            self.send_response(200)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the base's name
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


if __name__ == "__main__":
    sys.exit(main())
