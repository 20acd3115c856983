"""Measures what is told of stories made from public incident reports.

    python -m bench.scenarios [--seeds 3] [--first 1] [--only NAME] [--verbose] [--json FILE]

Each kind of story is made with several seeds, which differ in size, rhythm, hour and noise, and
replayed look by look as `warden backtest` does. A story that should be told is right when it is
told in time, once, with a fair severity, in four messages at most, and not resolved while it lasts;
one that should stay quiet when nothing is told but what it tolerates, and nothing critical.
"""

import argparse
import json
from collections import defaultdict
from pathlib import Path
from time import process_time

from bench.scenarios.alerting import ALERTING, Maker, named
from bench.scenarios.judge import Outcome, judge
from bench.scenarios.quiet import QUIET
from bench.scenarios.run import messages_of


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--only", default="")
    parser.add_argument("--verbose", action="store_true")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    seeds = range(options.first, options.first + options.seeds)
    shares = {}
    outcomes: dict[str, list[Outcome]] = defaultdict(list)
    began = process_time()
    for title, makers in (("should be told", ALERTING), ("should stay quiet", QUIET)):
        some = [maker for maker in makers if options.only in getattr(maker, "__name__", "")]
        if not some:
            continue
        print(f"\n{title:28} right  delay, min        messages  severity      wrong")
        right = 0
        for maker in some:
            found = [_run(maker, seed, verbose=options.verbose) for seed in seeds]
            outcomes[title] += found
            right += sum(not one.wrong for one in found)
            print(_row(getattr(maker, "__name__", ""), found), flush=True)
        shares[title] = right / (len(some) * len(seeds))
    for title, share in shares.items():
        print(f"{title}: {share:.0%} right of {len(outcomes[title])}")
    print(f"{process_time() - began:.0f} s")
    if options.json:
        options.json.write_text(json.dumps(shares, indent=1))


def _run(maker: Maker, seed: int, *, verbose: bool) -> Outcome:
    story = named(maker, seed)
    messages = messages_of(story)
    if verbose:
        print(story.name, story.right, story.times[story.right.first or 0])
        for one in messages[:12]:
            print(
                f"   {one.at:%m-%d %a %H:%M} {one.state} {one.severity.label} "
                f"{one.rule}: {one.text[:240]}"
            )
    return judge(story, messages)


def _row(name: str, found: list[Outcome]) -> str:
    delays = " ".join("-" if one.delay is None else f"{one.delay:.0f}" for one in found)
    counts = " ".join(str(one.messages) for one in found)
    severities = " ".join(one.severity.label[:4] if one.severity else "-" for one in found)
    wrong = "; ".join(sorted({one.wrong for one in found if one.wrong}))
    right = sum(not one.wrong for one in found)
    return f"{name:28} {right}/{len(found)}    {delays:18} {counts:9} {severities:13} {wrong[:90]}"


if __name__ == "__main__":
    main()
