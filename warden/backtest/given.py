"""What somebody gives on the command line about a file: read, and refused with the range."""

from typing import TYPE_CHECKING, Final

import click

from warden.backtest.grid import PERIODS

if TYPE_CHECKING:
    from functions.anomaly_detector.metrics.own_limits import FunctionLimits
    from functions.anomaly_detector.metrics.signals import Signal

# Source: AWS Lambda developer guide, "Lambda quotas": timeout up to 15 minutes, memory
# from 128 to 10,240 MB.
_TIMEOUTS: Final = range(1, 901)
_MEMORIES: Final = range(128, 10_241)


def timeout_of(text: str) -> int:
    """Seconds."""
    return number_within(text, _TIMEOUTS, "whole number of seconds")


def memory_of(text: str) -> int:
    """Mebibytes."""
    return number_within(text, _MEMORIES, "whole number of MiB")


def period_of(text: str) -> int:
    """Seconds that are whole minutes."""
    seconds = int(text) if _is_number(text) else 0
    if seconds not in PERIODS:
        raise click.BadParameter(
            f"{text!r} is no width of a period; it is whole minutes, {PERIODS[0]} to {PERIODS[-1]} "
            "seconds."
        )
    return seconds


def signal_of(text: str) -> "Signal":
    """A signal, named as a column is."""
    from functions.anomaly_detector.metrics.signals import Signal
    from warden.backtest.past_in_csv import COLUMNS

    named = {name.lower(): Signal(name) for name in COLUMNS}
    known = named.get(text.strip().lower().replace("_", " "))
    if known is None:
        raise click.BadParameter(f"{text!r} is none of: {', '.join(COLUMNS)}.")
    return known


def limits_given(timeout: int | None, memory: int | None) -> "FunctionLimits | None":
    """The function's own limits; None where neither is given.

    Raises:
        PastError: One is missing, and inventing it would compare with what is not so.
    """
    from functions.anomaly_detector.metrics.own_limits import FunctionLimits
    from warden.backtest.past import PastError

    if timeout is None and memory is None:
        return None
    if timeout is None or memory is None:
        given, missing = ("--memory", "--timeout") if timeout is None else ("--timeout", "--memory")
        raise PastError(f"{given} without {missing}: give both, or neither")
    return FunctionLimits(timeout, memory, reserved_unknown="a file does not say")


def number_within(text: str, allowed: range, what: str) -> int:
    """A number of some range.

    Raises:
        BadParameter: It is none.
    """
    number = int(text) if _is_number(text) else -1
    if number not in allowed:
        raise click.BadParameter(
            f"{text!r} is no {what} from {allowed.start} to {allowed.stop - 1}."
        )
    return number


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 9
