"""Asking Lambda for a function's own limits, once until it changes."""

from datetime import datetime

from functions.anomaly_detector.metrics.own_limits import FunctionLimits
from functions.shared.aws.clients import ask
from functions.shared.aws.reserved import reserved_concurrency
from functions.shared.core.arn import FunctionArn
from functions.shared.core.reading import Known, Reading, Unknown
from functions.shared.runtime.deployment import Deployment
from functions.shared.state.records import FunctionRecord


def limits_of(
    warden: Deployment, function: FunctionArn, record: FunctionRecord
) -> Reading[FunctionLimits]:
    """The function's own limits as remembered, else as Lambda tells them.

    Raises:
        ClientError: Lambda cannot answer now.
    """
    if record.limits and (known := FunctionLimits.from_text(record.limits)):
        return Known(known)
    client = warden.aws.lambda_

    def read() -> FunctionLimits:
        answer = client.get_function_configuration(FunctionName=str(function))
        modified = answer.get("LastModified", "")
        reserved = reserved_concurrency(client, function)
        return FunctionLimits(
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
