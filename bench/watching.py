"""What a month of watching uses: measured by `bench.detector_month`, priced by `bench.whole_month`.

The data file is what the last measurement found; `bench.detector_month --keep` writes it anew.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

FILE: Final = Path(__file__).parent / "data" / "watching.json"


@dataclass(frozen=True, slots=True)
class Watching:
    """What the anomaly-detector uses in a month.

    Attributes:
        measured: The command, and the day it ran.
        functions: How many functions it watched.
        metrics: Metrics read, as they are billed.
        account_metrics: Those of them that are the account's.
        listings: Requests to list metrics.
        invocations: How often it was called.
        gb_seconds: How long it ran, by its memory.
        sends: Requests that put messages into queues.
        messages: Those messages, each of which is received and deleted.
        table_reads: Read units of the table.
        table_writes: Write units of the table.
        puts: Requests that wrote to the bucket.
        gets: Requests that read from it.
        bucket_gb: What lay in it, overwritten versions included.
        log_bytes: What it logged, Lambda's own lines included.
    """

    measured: str
    functions: int
    metrics: float
    account_metrics: float
    listings: float
    invocations: float
    gb_seconds: float
    sends: float
    messages: float
    table_reads: float
    table_writes: float
    puts: float
    gets: float
    bucket_gb: float
    log_bytes: float

    def keep(self, file: Path = FILE) -> None:
        """Write it to a file, in figures that a person can read."""
        shown = {
            name: float(f"{value:.6g}") if isinstance(value, float) else value
            for name, value in asdict(self).items()
        }
        file.write_text(json.dumps(shown, indent=2) + "\n", encoding="utf-8")


def last_measured(file: Path = FILE) -> Watching:
    """What the last measurement found."""
    return Watching(**json.loads(file.read_text(encoding="utf-8")))
