"""`make bench`: the measurements that need no data and no rival to be installed."""

import runpy
import sys
from typing import Final

_MEASUREMENTS: Final = (
    "bench.cold_import",
    "bench.advisory_index",
    "bench.detector_spikes",
    "bench.detector_quiet_estate",
    "bench.guard_reaction",
)


def main() -> None:
    """Run them one after the other; each prints its figures beside those of its peer."""
    for name in _MEASUREMENTS:
        print(f"\n== {name}", flush=True)
        sys.argv = [name]
        try:
            runpy.run_module(name, run_name="__main__")
        except SystemExit as end:
            if end.code:
                print(f"{name} missed its goal (status {end.code})", flush=True)


if __name__ == "__main__":
    main()
