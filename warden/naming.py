"""Names that somebody typed, and that match nothing: said with the nearest that there is."""

from collections.abc import Callable, Iterable, Mapping
from fnmatch import fnmatchcase
from typing import Any, Final

from functions.shared.aws.clients import Aws, ClientError, error_code
from functions.shared.core.arn import FunctionArn
from functions.shared.core.text import plain
from functions.shared.muting.matcher import Matcher
from warden import completing
from warden.failure import RefusedError, did_you_mean
from warden.options import SEVERITIES

_NO_SUCH: Final = frozenset(
    {"ResourceNotFoundException", "ValidationException", "InvalidParameterValueException"}
)
"""How Lambda answers to a name that no function has, or can have."""


def matcher_of(typed: Mapping[str, str]) -> Matcher:
    """The conditions that somebody typed: only `*` and `?` have a meaning, also to fnmatch.

    Raises:
        RefusedError: There is no such rule, kind or severity.
    """
    known: Mapping[str, Callable[[], Iterable[str]]] = {
        "rule": completing.rules,
        "kind": completing.kinds,
        "severity": lambda: SEVERITIES,
    }
    for name, names in known.items():
        pattern = _literal(typed.get(name, ""))
        if pattern and not any(fnmatchcase(one, pattern) for one in names()):
            raise RefusedError(
                f"There is no {name} {plain(typed[name], 60)}.{did_you_mean(typed[name], names())}"
            )
    return Matcher(**{name: _literal(text) for name, text in typed.items()})


def insist_on_function(aws: Aws, function: FunctionArn, near: Iterable[str] = ()) -> None:
    """Make sure that AWS knows a function of which nothing else is known.

    Args:
        aws: Clients for its region.
        function: The function.
        near: Names that may be meant.

    Raises:
        RefusedError: There is none.
        ClientError: AWS refused.
        BotoCoreError: AWS could not be asked.
    """
    if configuration_of(aws, str(function)) is None:
        raise RefusedError(
            f"There is no function {function.name} in {function.region}."
            f"{did_you_mean(function.name, near)}"
        )


def configuration_of(aws: Aws, function: str) -> Mapping[str, Any] | None:
    """The configuration of a function, as Lambda answers it; None if Lambda knows no such function.

    Raises:
        ClientError: AWS refused.
        BotoCoreError: AWS could not be asked.
    """
    try:
        return aws.lambda_.get_function_configuration(FunctionName=function)
    except ClientError as error:
        if error_code(error) in _NO_SUCH:
            return None
        raise


def function_named(typed: str, *, account: str, region: str) -> FunctionArn:
    """The function of a name or an ARN.

    Raises:
        RefusedError: It is neither.
    """
    try:
        return FunctionArn.parse(typed, account=account, region=region)
    except ValueError as error:
        raise RefusedError(f"{plain(error, 300)}.") from error


def _literal(pattern: str) -> str:
    return pattern.replace("[", "[[]")
