"""Turning what goes wrong between here and AWS into one sentence that says what to do."""

from typing import Final

import click

from functions.shared.aws.clients import AwsError, ClientError, error_code
from functions.shared.core.text import plain
from functions.shared.state.table import ConflictError
from warden.failure import NoAnswerError, RefusedError

_SIGN_IN: Final = "The AWS credentials have expired. Sign in again (for example: aws sso login)."
_INVALID: Final = (
    "AWS does not know these credentials. Check AWS_PROFILE or --profile, or sign in again."
)
# Names of botocore's errors, and codes of services.
_ADVICE: Final = {
    "NoCredentialsError": "There are no AWS credentials. Set AWS_PROFILE or pass --profile; for "
    'the local AWS of `make up`: eval "$(make up)".',
    "PartialCredentialsError": "The AWS credentials are incomplete. Check AWS_PROFILE or "
    "--profile, and AWS_ACCESS_KEY_ID with AWS_SECRET_ACCESS_KEY.",
    "NoRegionError": "There is no region. Set AWS_REGION or pass --region.",
    "ExpiredToken": _SIGN_IN,
    "ExpiredTokenException": _SIGN_IN,
    "RequestExpired": f"{_SIGN_IN} If you just did, check the clock of this machine.",
    "SSOTokenLoadError": _SIGN_IN,
    "TokenRetrievalError": _SIGN_IN,
    "UnauthorizedSSOTokenError": _SIGN_IN,
    "LoginRefreshRequired": _SIGN_IN,
    "LoginTokenLoadError": _SIGN_IN,
    "InvalidClientTokenId": _INVALID,
    "UnrecognizedClientException": _INVALID,
    "InvalidSignatureException": _INVALID,
    "SignatureDoesNotMatch": _INVALID,
    "AuthFailure": _INVALID,
}
_MISNAMED: Final = frozenset({"ProfileNotFound", "InvalidRegionError"})


def failure_of(error: Exception) -> click.ClickException | None:
    """What ends a command, where AWS is the reason; None where it is not."""
    if isinstance(error, AwsError):
        if error_code(error) in _MISNAMED:
            return RefusedError(f"{plain(error, 600)}.")
        return NoAnswerError(sentence(error))
    if isinstance(error, ConflictError):
        return NoAnswerError("Others changed the same item again and again; try again.")
    return None


def sentence(error: BaseException) -> str:
    """Why AWS did not answer, and what to do."""
    code = error_code(error)
    if code in _ADVICE:
        return _ADVICE[code]
    if isinstance(error, ClientError):
        message = error.response.get("Error", {}).get("Message", "")
        return f"AWS refused {error.operation_name} ({code}): {plain(message, 600)}"
    return f"AWS could not be asked ({code}): {plain(error, 600)}"
