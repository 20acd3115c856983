"""What ends a command early, each with its exit status and a sentence that says what to do."""

import click

from warden.status import NO_ANSWER, USAGE


class RefusedError(click.ClickException):
    """What was asked for makes no sense, or would do harm; nothing was done."""

    exit_code = USAGE


class NoAnswerError(click.ClickException):
    """AWS did not answer, or there is no deployment to ask about."""

    exit_code = NO_ANSWER
