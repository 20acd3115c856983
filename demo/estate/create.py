"""Making the estate through AWS's own API calls, as any deployment tool would."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Final

from demo.estate import traces, traffic
from demo.estate.handlers import HANDLER
from demo.estate.sample import SampleFunction
from demo.local_aws import LocalAws

_ROLE: Final = "sample-estate"
_XRAY_BATCH: Final = 5
_API: Final = "AWS::ApiGateway::Stage"
_FUNCTION: Final = "AWS::Lambda::Function"
# The detector leaves the latest minutes to the next look: traces may still arrive.
_NEW_CALL: Final = timedelta(minutes=20)
_KNOWN_CALLS: Final = timedelta(hours=2)
_DEPLOYED_BEFORE: Final = timedelta(minutes=12)


def create_role(aws: LocalAws) -> str:
    """Make the execution role that all sample functions share, and return its ARN."""
    trust = (
        '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole",'
        '"Principal":{"Service":"lambda.amazonaws.com"}}]}'
    )
    iam = aws.client("iam")
    return str(iam.create_role(RoleName=_ROLE, AssumeRolePolicyDocument=trust)["Role"]["Arn"])


def create_function(
    aws: LocalAws, function: SampleFunction, archive: bytes, role: str, today: date
) -> str:
    """Make one function with everything that belongs to it, and return its ARN."""
    functions = aws.client("lambda")
    made = functions.create_function(
        FunctionName=function.name,
        Description=function.story,
        Runtime=function.runtime,
        Handler=HANDLER,
        Role=role,
        Timeout=10,
        MemorySize=512,
        Architectures=["arm64"],
        TracingConfig={"Mode": "Active"},
        Code={"ZipFile": archive},
        Tags=tags_of(function, today),
    )
    if function.open_url:
        functions.create_function_url_config(FunctionName=function.name, AuthType="NONE")
        # Both permissions that the console gives with such a URL: without them it answers 403.
        functions.add_permission(
            FunctionName=function.name,
            StatementId="FunctionURLAllowPublicAccess",
            Action="lambda:InvokeFunctionUrl",
            Principal="*",
            FunctionUrlAuthType="NONE",
        )
        functions.add_permission(
            FunctionName=function.name,
            StatementId="FunctionURLAllowInvokeAction",
            Action="lambda:InvokeFunction",
            Principal="*",
            InvokedViaFunctionUrl=True,
        )
    if function.open_policy:
        functions.add_permission(
            FunctionName=function.name,
            StatementId="partners",
            Action="lambda:InvokeFunction",
            Principal="*",
        )
    return str(made["FunctionArn"])


def tags_of(function: SampleFunction, today: date) -> dict[str, str]:
    """The function's tags, the expiry date among them."""
    if function.expires_in_days is None:
        return dict(function.tags)
    expiry = today + timedelta(days=function.expires_in_days)
    return {**function.tags, "expiry": expiry.isoformat()}


def redeploy(aws: LocalAws, function: SampleFunction, archive: bytes) -> None:
    """Deploy the same code once more."""
    aws.client("lambda").update_function_code(FunctionName=function.name, ZipFile=archive)


def tell_of_deployment(
    aws: LocalAws, function: SampleFunction, arn: str, runaway_at: datetime
) -> None:
    """Deliver CloudTrail's event of the deployment that the runaway came after, if one did.

    It is late, as such events may be: the emulator's clock cannot go back.
    """
    if not function.deployed_by:
        return
    at = (runaway_at - _DEPLOYED_BEFORE).isoformat()
    code = aws.client("lambda").get_function_configuration(FunctionName=arn)["CodeSha256"]
    issuer = f"arn:aws:iam::{aws.account}:role/deployment"
    session = f"arn:aws:sts::{aws.account}:assumed-role/deployment/{function.deployed_by}"
    aws.put_service_event(
        "aws.lambda",
        "AWS API Call via CloudTrail",
        {
            "eventSource": "lambda.amazonaws.com",
            "eventName": "UpdateFunctionCode20150331v2",
            "eventTime": at.replace("+00:00", "Z"),
            "awsRegion": aws.region,
            "recipientAccountId": aws.account,
            "userIdentity": {
                "type": "AssumedRole",
                "arn": session,
                "sessionContext": {"sessionIssuer": {"type": "Role", "arn": issuer}},
            },
            "requestParameters": {"functionName": function.name},
            "responseElements": {"functionArn": arn, "codeSha256": code},
        },
    )


def give_history(aws: LocalAws, functions: Iterable[SampleFunction]) -> datetime:
    """Store two weeks of metrics of the functions that have traffic.

    Returns:
        When those that run away began to.
    """
    now = datetime.now(UTC)
    series = [
        one
        for function in functions
        if function.traffic
        for one in traffic.history(function.name, function.traffic, now)
    ]
    aws.seed_metrics([*series, *traffic.whole_account(series)])
    return traffic.runaway_began(now)


def give_traces(
    aws: LocalAws, functions: Iterable[SampleFunction], arns: Mapping[str, str]
) -> None:
    """Send the traces that are new: faults of just now, and calls by somebody new."""
    now = datetime.now(UTC)
    for function in functions:
        name, arn = function.name, arns[function.name]
        _send(aws, traces.faulty_documents(name, arn, function.faulty_traces, now))
        if function.new_caller:
            at = now - _NEW_CALL
            _send(aws, traces.call_documents(function.new_caller, _FUNCTION, name, arn, at))


def give_known_calls(
    aws: LocalAws, functions: Iterable[SampleFunction], arns: Mapping[str, str]
) -> datetime:
    """Send the traces of the calls that are nothing new; returns until when there are any."""
    now = datetime.now(UTC)
    for function in functions:
        if function.caller:
            at, arn = now - _KNOWN_CALLS, arns[function.name]
            _send(aws, traces.call_documents(function.caller, _API, function.name, arn, at))
    return now - _KNOWN_CALLS / 2


def _send(aws: LocalAws, documents: list[str]) -> None:
    xray = aws.client("xray")
    for start in range(0, len(documents), _XRAY_BATCH):
        xray.put_trace_segments(TraceSegmentDocuments=documents[start : start + _XRAY_BATCH])
