"""A function's reserved concurrency."""

from typing import TYPE_CHECKING

from functions.shared.aws.clients import ask
from functions.shared.core.arn import FunctionArn
from functions.shared.core.reading import Reading

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient


def reserved_concurrency(client: "LambdaClient", function: FunctionArn) -> Reading[int | None]:
    """What is reserved for a function; a known None where nothing is.

    Raises:
        ClientError: Lambda could not answer now.
    """
    return ask(
        "reading the reserved concurrency",
        lambda: client.get_function_concurrency(FunctionName=str(function)).get(
            "ReservedConcurrentExecutions"
        ),
    )
