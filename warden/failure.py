"""What ends a command early, each with its exit status and a sentence that says what to do."""

from collections.abc import Iterable
from difflib import get_close_matches

import click

from warden.status import NO_ANSWER, USAGE


class RefusedError(click.ClickException):
    """What was asked for makes no sense, or would do harm; nothing was done."""

    exit_code = USAGE


class NoAnswerError(click.ClickException):
    """AWS or this machine did not answer, or there is no deployment to ask about."""

    exit_code = NO_ANSWER


class NoSuchStackError(NoAnswerError):
    """AWS knows no stack of this name: nobody deployed Warden there, or the name is mistyped."""


def did_you_mean(typed: str, known: Iterable[str]) -> str:
    """A question with the nearest names, to end a sentence with; empty if none is near."""
    near = get_close_matches(typed, sorted(set(known)))
    return f" Did you mean {' or '.join(near)}?" if near else ""
