"""A function's own limits, as somebody gives them on the command line."""

from argparse import ArgumentTypeError
from typing import Final

from functions.anomaly_detector.metrics.own_limits import Limits
from warden.backtest.past import PastError

# Source: AWS Lambda developer guide, "Lambda quotas": timeout up to 15 minutes, memory
# from 128 to 10,240 MB.
_TIMEOUTS: Final = range(1, 901)
_MEMORIES: Final = range(128, 10_241)


def timeout_of(text: str) -> int:
    """Seconds, for argparse."""
    return _within(text, _TIMEOUTS, "seconds")


def memory_of(text: str) -> int:
    """Mebibytes, for argparse."""
    return _within(text, _MEMORIES, "MiB")


def limits_given(timeout: int | None, memory: int | None) -> Limits | None:
    """The limits; None where neither is given.

    Raises:
        PastError: One is missing, and inventing it would compare with what is not so.
    """
    if timeout is None and memory is None:
        return None
    if timeout is None or memory is None:
        given, missing = ("--memory", "--timeout") if timeout is None else ("--timeout", "--memory")
        raise PastError(f"{given} without {missing}: give both, or neither")
    return Limits(timeout, memory, reserved_unknown="a file does not say")


def _within(text: str, allowed: range, unit: str) -> int:
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else -1
    if number not in allowed:
        raise ArgumentTypeError(
            f"{text!r} is no whole number of {unit} from {allowed.start} to {allowed.stop - 1}"
        )
    return number
