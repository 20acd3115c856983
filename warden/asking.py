"""Turning what goes wrong between here and AWS into one sentence that says what to do."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from functions.shared.aws.clients import AwsError, ClientError, error_code
from functions.shared.core.text import plain
from functions.shared.state.table import ConflictError
from warden.failure import NoAnswerError

_ADVICE: Final = {
    "NoCredentialsError": "There are no AWS credentials. Set AWS_PROFILE or pass --profile; for "
    'the local AWS of `make up`: eval "$(make up)".',
    "NoRegionError": "There is no region. Set AWS_REGION or pass --region.",
    "ExpiredToken": "The AWS credentials have expired. Sign in again.",
    "ExpiredTokenException": "The AWS credentials have expired. Sign in again.",
}


@contextmanager
def asking() -> Iterator[None]:
    """Say in one sentence why AWS did not answer.

    Raises:
        NoAnswerError: A call failed.
    """
    try:
        yield
    except AwsError as error:
        raise NoAnswerError(_sentence(error)) from error
    except ConflictError as error:
        raise NoAnswerError("Others changed the same item again and again; try again.") from error


def _sentence(error: BaseException) -> str:
    code = error_code(error)
    if code in _ADVICE:
        return _ADVICE[code]
    if isinstance(error, ClientError):
        message = error.response.get("Error", {}).get("Message", "")
        return f"AWS refused {error.operation_name} ({code}): {plain(message, 600)}"
    return f"AWS could not be asked ({code}): {plain(error, 600)}"
