"""Asking Lambda for a function's own limits, once until it changes."""

from datetime import datetime
from typing import TYPE_CHECKING

from functions.anomaly_detector.metrics.own_limits import Limits
from functions.shared.aws.clients import ask
from functions.shared.core.arn import FunctionArn
from functions.shared.core.reading import Known, Reading, Unknown
from functions.shared.runtime.deployment import Deployment
from functions.shared.state.records import FunctionRecord

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient


def limits_of(warden: Deployment, function: FunctionArn, record: FunctionRecord) -> Reading[Limits]:
    """The function's own limits as remembered, else as Lambda tells them.

    Raises:
        ClientError: Lambda cannot answer now.
    """
    if record.limits and (known := Limits.from_text(record.limits)):
        return Known(known)
    client = warden.aws.functions

    def read() -> Limits:
        answer = client.get_function_configuration(FunctionName=str(function))
        modified = answer.get("LastModified", "")
        reserved = _reserved(client, function)
        return Limits(
            timeout_seconds=answer.get("Timeout", 3),
            memory_mib=answer.get("MemorySize", 128),
            architecture=answer.get("Architectures", ["x86_64"])[0],
            reserved=reserved.value if isinstance(reserved, Known) else None,
            reserved_unknown=reserved.cause if isinstance(reserved, Unknown) else "",
            traced=answer.get("TracingConfig", {}).get("Mode") == "Active",
            modified_at=datetime.fromisoformat(modified) if modified else None,
        )

    answer = ask("reading the configuration", read)
    if isinstance(answer, Known):
        warden.records.remember_limits(function, answer.value.to_text())
    return answer


def _reserved(client: "LambdaClient", function: FunctionArn) -> Reading[int | None]:
    return ask(
        "reading the reserved concurrency",
        lambda: client.get_function_concurrency(FunctionName=str(function)).get(
            "ReservedConcurrentExecutions"
        ),
    )
