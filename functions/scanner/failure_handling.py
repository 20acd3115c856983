"""Where the events go that a function failed to handle when it is invoked asynchronously."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from functions.shared.aws.clients import ask
from functions.shared.core.arn import FunctionArn
from functions.shared.core.reading import Known, Reading, Unknown

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient


@dataclass(frozen=True, slots=True)
class FailureHandling:
    """The settings for asynchronous invocation, of the function and its versions and aliases.

    Attributes:
        configured: Whether anybody made such settings, which shows that it is invoked so.
        targets: Where failed events are sent.
    """

    configured: bool = False
    targets: tuple[str, ...] = ()


def ask_failure_handling(client: "LambdaClient", arn: FunctionArn) -> Reading[FailureHandling]:
    """Read the settings; ask only about functions that exist."""

    def read() -> FailureHandling:
        pages = client.get_paginator("list_function_event_invoke_configs")
        configs = [
            config
            for page in pages.paginate(FunctionName=str(arn))
            for config in page["FunctionEventInvokeConfigs"]
        ]
        targets = (
            config.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination", "")
            for config in configs
        )
        return FailureHandling(bool(configs), tuple(filter(None, targets)))

    answer = ask("reading the settings for asynchronous invocation", read)
    if isinstance(answer, Unknown) and answer.missing:
        return Known(FailureHandling())
    return answer
