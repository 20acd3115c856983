"""`backtest`: what the detector would have told about a function, had it been watched."""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from functions.anomaly_detector.metrics.signals import Signal
from functions.shared.config import DetectorPolicy
from functions.shared.core.text import plain
from warden.backtest.grid import PERIODS
from warden.backtest.limits_given import limits_given, memory_of, timeout_of
from warden.backtest.past import NoAnswerError, Past, PastError
from warden.backtest.past_in_csv import COLUMNS, read_csv
from warden.backtest.plot import page
from warden.backtest.replay import News, replay
from warden.backtest.told import as_json, as_table

if TYPE_CHECKING:
    from argparse import _SubParsersAction

NOTHING_TOLD: Final = 0
TOLD: Final = 1
INPUT_UNREADABLE: Final = 2
UNKNOWN: Final = 3

# CloudWatch keeps 5-minute periods for 63 days (CloudWatch user guide, "Metrics concepts"), and
# two weeks of them are learnt from.
_MOST_DAYS: Final = 45
_DAYS: Final = 14
_LEARN_DAYS: Final = 3
_PAGES: Final = (".html", ".htm")
_OF_FILES: Final = ("signal", "learn_days", "period", "timeout", "memory")
_OF_CLOUDWATCH: Final = ("days", "region")


def add_parser(subparsers: "_SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the subcommand."""
    parser = subparsers.add_parser(
        "backtest",
        help="what would have been told about a function",
        description="Replay a function's past look by look, through the code that judges live, "
        "and say what would have been sent. Reads CloudWatch with your AWS credentials, or a CSV "
        "file.",
        epilog="A CSV file has a header: 'timestamp,value', or 'timestamp' and one column a signal "
        f"({', '.join(COLUMNS)}): durations and ages in ms, memory in percent. Times are ISO 8601 "
        "(UTC where no zone is given), or seconds (10 digits) or milliseconds (13 digits) since "
        "1970, one row a period of 1 to 60 minutes. Where a cell is empty or a row is missing, "
        "what is counted is 0, everything else unknown. Of quantiles and CPU time a value counts "
        "only with the invocations of its period beside it. "
        "Exit status: 0 nothing would have been sent; 1 something would; 2 the input could not be "
        "read; 3 nothing in what could be judged, but not all could, or AWS did not answer.",
    )
    parser.add_argument(
        "function", metavar="FUNCTION", help="a function's name or ARN, or a file named *.csv"
    )
    parser.add_argument(
        "--days", type=_days, metavar="N",
        help=f"days to replay from CloudWatch, at most {_MOST_DAYS}; the 14 days before are learnt "
        f"from (default: {_DAYS})",
    )  # fmt: skip
    parser.add_argument("--region", help="default: that of your AWS configuration")
    parser.add_argument(
        "--signal", type=_signal, metavar="NAME",
        help=f"what a column 'value' holds (default: {Signal.INVOCATIONS})",
    )  # fmt: skip
    parser.add_argument(
        "--learn-days", type=_days, metavar="N",
        help="days of a CSV file that are only learnt from, at most half of it, but a day and 100 "
        f"periods at least (default: {_LEARN_DAYS})",
    )  # fmt: skip
    parser.add_argument(
        "--period", type=_period, metavar="SECONDS",
        help="width of a CSV file's periods (default: the most frequent distance between rows)",
    )  # fmt: skip
    parser.add_argument(
        "--timeout", type=timeout_of, metavar="SECONDS",
        help="the function's timeout, for a CSV file; with --memory",
    )  # fmt: skip
    parser.add_argument(
        "--memory", type=memory_of, metavar="MIB",
        help="the function's memory, for a CSV file; with --timeout",
    )  # fmt: skip
    parser.add_argument(
        "--format", choices=("json", "table"), help="default: table on a terminal, json in a pipe"
    )
    parser.add_argument(
        "--plot", type=_page, metavar="FILE",
        help="where to write the plot, an HTML page, named *.html (default: backtest-NAME.html)",
    )  # fmt: skip
    parser.add_argument("--no-plot", action="store_true", help="write no plot")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Replay, print, plot, and return the exit status."""
    policy = DetectorPolicy()
    try:
        past = _past(arguments, policy, datetime.now(UTC))
    except PastError as error:
        print(plain(error, 600), file=sys.stderr)
        return UNKNOWN if isinstance(error, NoAnswerError) else INPUT_UNREADABLE
    news = told(past, policy)
    plot = ""
    if not arguments.no_plot:
        file = arguments.plot or Path(f"backtest-{past.subject.function.name}.html")
        try:
            file.write_text(page(past, news), encoding="utf-8")
        except OSError as error:
            print(f"{file}: {plain(error.strerror or error)}; see --plot", file=sys.stderr)
            return INPUT_UNREADABLE
        plot = str(file)
    if (arguments.format or ("table" if sys.stdout.isatty() else "json")) == "json":
        print(as_json(past, news, plot))
    else:
        print(as_table(past, news))
        if plot:
            print(f"plotted in {plot}")
    if news:
        return TOLD
    return NOTHING_TOLD if past.judging.is_whole else UNKNOWN


def told(past: Past, policy: DetectorPolicy) -> Sequence[News]:
    """Everything that would have been sent."""
    return list(
        replay(
            past.subject,
            past.signals,
            policy,
            start=past.start,
            end=past.end,
            period_seconds=past.period_seconds,
        )
    )


def _past(arguments: argparse.Namespace, policy: DetectorPolicy, now: datetime) -> Past:
    if arguments.function.lower().endswith(".csv"):
        return _from_file(arguments)
    if "/" in arguments.function or Path(arguments.function).is_file():
        raise PastError(
            f"{plain(arguments.function, 140)}: no function's name; a file must be named *.csv"
        )
    if needless := _given(arguments, _OF_FILES):
        raise PastError(
            f"{needless}: only for a CSV file; {plain(arguments.function, 140)} is read from "
            "CloudWatch, with its own limits"
        )
    # AWS's client takes half a second to import: not for a file.
    from functions.shared.aws.clients import Aws, AwsError, error_code  # noqa: PLC0415
    from warden.backtest.past_in_cloudwatch import read_cloudwatch  # noqa: PLC0415

    learn = timedelta(days=policy.history_days)
    try:
        aws = Aws(arguments.region)
        return read_cloudwatch(aws, arguments.function, arguments.days or _DAYS, learn, now)
    except AwsError as error:
        raise NoAnswerError(
            f"{plain(arguments.function, 140)}: {error_code(error)}; set --region, or the region "
            "of your AWS configuration"
        ) from error


def _from_file(arguments: argparse.Namespace) -> Past:
    path = Path(arguments.function)
    name = "".join(c if c.isalnum() else "-" for c in path.stem if c.isascii())[:64]
    past = read_csv(
        path,
        name or "function",
        arguments.signal or Signal.INVOCATIONS,
        limits_given(arguments.timeout, arguments.memory),
        timedelta(days=arguments.learn_days or _LEARN_DAYS),
        period_seconds=arguments.period,
    )
    if needless := _given(arguments, _OF_CLOUDWATCH):
        note = f"{needless}: of no use for a file, which is replayed whole."
        past = replace(past, notes=(*past.notes, note))
    return past


def _given(arguments: argparse.Namespace, names: Sequence[str]) -> str:
    """Those of some options that were given."""
    given = [name for name in names if getattr(arguments, name) is not None]
    return ", ".join(f"--{name.replace('_', '-')}" for name in given)


def _days(text: str) -> int:
    days = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0
    if not 1 <= days <= _MOST_DAYS:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of days from 1 to {_MOST_DAYS}")
    return days


def _period(text: str) -> int:
    seconds = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
    if seconds not in PERIODS:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no width of a period; it is whole minutes, {PERIODS[0]} to {PERIODS[-1]} "
            "seconds"
        )
    return seconds


def _signal(text: str) -> Signal:
    named = {name.lower(): Signal(name) for name in COLUMNS}
    known = named.get(text.strip().lower().replace("_", " "))
    if known is None:
        raise argparse.ArgumentTypeError(f"{text!r} is none of: {', '.join(COLUMNS)}")
    return known


def _page(text: str) -> Path:
    path = Path(text)
    if path.suffix.lower() not in _PAGES:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no name of an HTML page, which is what is written; name it *.html"
        )
    return path
