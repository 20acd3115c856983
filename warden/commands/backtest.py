"""`warden backtest`: what would have been sent about a function's past."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from functions.shared.core.text import plain
from warden import status
from warden.backtest.given import memory_of, number_within, period_of, signal_of, timeout_of
from warden.failure import RefusedError
from warden.options import JSON, examples, in_format, on_aws

if TYPE_CHECKING:
    from functions.shared.aws.clients import Aws
    from functions.shared.config import DetectorPolicy
    from warden.backtest.past import Past

# CloudWatch keeps 5-minute periods for 63 days (CloudWatch user guide, "Metrics concepts"), and
# two weeks of them are learnt from.
_MOST_DAYS: Final = 45
_DAYS: Final = 14
_LEARN_DAYS: Final = 3
_PAGES: Final = (".html", ".htm")
_OF_FILES: Final = ("signal", "learn_days", "period", "timeout", "memory")


def _days(text: str) -> int:
    return number_within(text, range(1, _MOST_DAYS + 1), "number of days")


def _page(text: str) -> Path:
    path = Path(text)
    if path.suffix.lower() not in _PAGES:
        raise click.BadParameter(
            f"{text!r} is no name of an HTML page, which is what is written; name it *.html."
        )
    return path


@click.command(
    "backtest",
    epilog=examples(
        "warden backtest checkout --days 14     from CloudWatch, with your credentials",
        "warden backtest metrics.csv --timeout 30 --memory 512",
        status="0 when nothing would have been sent; 1 when something would; 3 also when nothing "
        "in what could be judged, but not all could;",
    ),
)
@click.argument("function")
@click.option(
    "--days", type=_days, metavar="N",
    help=f"Days to replay from CloudWatch, at most {_MOST_DAYS}; the 14 days before are learnt "
    f"from. Default: {_DAYS}.",
)  # fmt: skip
@click.option(
    "--signal", type=signal_of, metavar="NAME",
    help="What a column `value` holds. Default: invocations.",
)  # fmt: skip
@click.option(
    "--learn-days", type=_days, metavar="N",
    help="Days of a CSV file that are only learnt from, at most half of it, but a day and 100 "
    f"periods at least. Default: {_LEARN_DAYS}.",
)  # fmt: skip
@click.option(
    "--period", type=period_of, metavar="SECONDS",
    help="Width of a CSV file's periods. Default: the most frequent distance between rows.",
)  # fmt: skip
@click.option(
    "--timeout", type=timeout_of, metavar="SECONDS",
    help="The function's timeout, for a CSV file; with --memory.",
)  # fmt: skip
@click.option(
    "--memory", type=memory_of, metavar="MIB",
    help="The function's memory, for a CSV file; with --timeout.",
)  # fmt: skip
@in_format()
@click.option(
    "--plot", type=_page, metavar="FILE",
    help="Where to write the plot, an HTML page, named *.html. Default: backtest-NAME.html.",
)  # fmt: skip
@click.option("--no-plot", is_flag=True, help="Write no plot.")
@on_aws
def command(
    *,
    connect: "Callable[[], Aws]",
    function: str,
    form: str,
    plot: Path | None,
    no_plot: bool,
    **given: Any,
) -> int:
    """Show what would have been sent about a function's past.

    Replays it look by look, through the code that judges live. FUNCTION is the name or ARN of a
    function, read from CloudWatch, or a file named *.csv.

    A CSV file has a header: `timestamp,value`, or `timestamp` and one column a signal, which
    docs/detector.md lists: durations and ages in ms, memory in percent. Times are ISO 8601 (UTC
    where no zone is given), or seconds (10 digits) or milliseconds (13 digits) since 1970, one row
    a period of 1 to 60 minutes. Where a cell is empty or a row is missing, what is counted is 0,
    everything else unknown. Of quantiles and CPU time a value counts only with the invocations of
    its period beside it.
    """
    from functions.shared.config import DetectorPolicy
    from warden.backtest.answers import as_json, as_table
    from warden.backtest.past import PastError
    from warden.output import write_text

    policy = DetectorPolicy()
    try:
        past = _past(function, given, policy, connect)
    except PastError as error:
        raise RefusedError(plain(error, 600)) from error
    changes = past.replayed(policy)
    plotted = "" if no_plot else str(_plot(past, changes, plot))
    if form == JSON:
        write_text(as_json(past, changes, plotted))
    else:
        also = f"\nplotted in {plotted}" if plotted else ""
        write_text(f"{as_table(past, changes)}{also}")
    if changes:
        return status.FOUND
    return status.FINE if past.judging.is_whole else status.NO_ANSWER


def _plot(past: "Past", changes: Sequence[Any], plot: Path | None) -> Path:
    from warden.backtest.plot import page

    file = plot or Path(f"backtest-{past.subject.function.name}.html")
    try:
        file.write_text(page(past, changes), encoding="utf-8")
    except OSError as error:
        raise RefusedError(f"{file}: {plain(error.strerror or error)}; see --plot") from error
    return file


def _past(
    function: str,
    given: dict[str, Any],
    policy: "DetectorPolicy",
    connect: "Callable[[], Aws]",
) -> "Past":
    from warden.backtest.past import PastError

    if function.lower().endswith(".csv"):
        return _from_file(Path(function), given)
    if "/" in function or Path(function).is_file():
        raise PastError(f"{plain(function, 140)}: no function's name; a file must be named *.csv")
    if needless := _named(name for name in _OF_FILES if given[name] is not None):
        raise PastError(
            f"{needless}: only for a CSV file; {plain(function, 140)} is read from CloudWatch, "
            "with its own limits"
        )
    # AWS's client takes half a second to import: not for a file.
    from warden.backtest.past_in_cloudwatch import read_cloudwatch

    learn = timedelta(days=policy.history_days)
    return read_cloudwatch(connect(), function, given["days"] or _DAYS, learn, datetime.now(UTC))


def _from_file(path: Path, given: dict[str, Any]) -> "Past":
    from functions.anomaly_detector.metrics.signals import Signal
    from warden.backtest.given import limits_given
    from warden.backtest.past_in_csv import read_csv

    name = "".join(c if c.isalnum() else "-" for c in path.stem if c.isascii())[:64]
    past = read_csv(
        path,
        name or "function",
        given["signal"] or Signal.INVOCATIONS,
        limits_given(given["timeout"], given["memory"]),
        timedelta(days=given["learn_days"] or _LEARN_DAYS),
        period_seconds=given["period"],
    )
    if given["days"] is None:
        return past
    note = "--days: of no use for a file, which is replayed whole."
    return replace(past, notes=(*past.notes, note))


def _named(names: Any) -> str:
    return ", ".join(f"--{name.replace('_', '-')}" for name in names)
