"""A model of an AWS account, as far as the guard acts on it; the rules are those of Lambda.

- A reservation that would leave less than the account's minimum unreserved is refused, with the
  text that AWS answers. The minimum is 100, or the whole limit where that is lower.
- Reserved concurrency below what is provisioned is refused.
- A function that does not exist is not found.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from io import BytesIO
from statistics import median
from typing import Any, Final

from botocore.exceptions import ClientError

from functions.shared.core.arn import FunctionArn

ACCOUNT: Final = "123456789012"
REGION: Final = "eu-west-1"
_MINIMUM: Final = 100


@dataclass(slots=True)
class ModelFunction:
    """One function.

    Attributes:
        reserved: Its reserved concurrency, None for none.
        tags: Its tags.
        provisioned: Its provisioned concurrency.
        sources: Its event source mappings, as Lambda lists them.
        set_by: Who set its reserved concurrency last.
    """

    reserved: int | None = None
    tags: dict[str, str] = field(default_factory=dict)
    provisioned: int = 0
    sources: list[dict[str, Any]] = field(default_factory=list)
    set_by: str = "people"


@dataclass(frozen=True, slots=True)
class Setting:
    """One call that set or removed a reserved concurrency."""

    at: datetime
    by: str
    function: str
    before: int | None
    after: int | None


class ModelAccount:
    """The account.

    Attributes:
        limit: Its concurrent executions.
        functions: Its functions by name.
        settings: Every call that changed a reserved concurrency.
        schedules: One-time schedules by name: when, and the message.
        messages: What was put into queues.
        metrics: Samples by function name and metric name: time and value.
        clock: Tells the time.
        history: CloudTrail's records by their ids.
        deleting: The resources of the guard's stack that CloudFormation is deleting.
        s3_address: Where S3 is.
        actor: Who calls now.
        watched: Called with the name of each operation before and after it.
    """

    def __init__(self, clock: Callable[[], datetime], limit: int = 1000) -> None:
        self.limit = limit
        self.functions: dict[str, ModelFunction] = {}
        self.settings: list[Setting] = []
        self.schedules: dict[str, tuple[datetime, str]] = {}
        self.messages: list[str] = []
        self.metrics: dict[tuple[str, str], list[tuple[datetime, float]]] = {}
        self.history: dict[str, Mapping[str, Any]] = {}
        self.deleting: set[str] = set()
        self.s3_address = f"https://s3.{REGION}.amazonaws.com"
        self.clock = clock
        self.actor = "guard"
        self.watched: Callable[[str], None] = lambda _: None

    def arn(self, name: str) -> FunctionArn:
        """The ARN of a function of this account."""
        return FunctionArn("aws", REGION, ACCOUNT, name)

    @property
    def minimum(self) -> int:
        """What AWS keeps unreserved."""
        return min(_MINIMUM, self.limit)

    @property
    def unreserved(self) -> int:
        """What no function has reserved."""
        return self.limit - sum(one.reserved or 0 for one in self.functions.values())

    def reserve(self, name: str, value: int | None, by: str) -> None:
        """Set or remove a reserved concurrency, by AWS's rules.

        Raises:
            ClientError: AWS would refuse it.
        """
        function = self._function(name, "PutFunctionConcurrency")
        if value is not None:
            left = self.unreserved + (function.reserved or 0) - value
            if value > 0 and left < self.minimum:
                raise _error(
                    "InvalidParameterValueException",
                    "Specified ReservedConcurrentExecutions for function decreases account's "
                    "UnreservedConcurrentExecution below its minimum value of "
                    f"[{self.minimum}].",
                    "PutFunctionConcurrency",
                )
            if value < function.provisioned:
                raise _error(
                    "InvalidParameterValueException",
                    "ReservedConcurrentExecutions is below the provisioned concurrency.",
                    "PutFunctionConcurrency",
                )
        self.settings.append(Setting(self.clock(), by, name, function.reserved, value))
        function.reserved, function.set_by = value, by

    def record(self, name: str, metric: str, at: datetime, value: float) -> None:
        """Store a sample of a metric."""
        self.metrics.setdefault((name, metric), []).append((at, value))

    def _function(self, name: str, operation: str) -> ModelFunction:
        bare = name.rpartition(":")[2]
        if bare not in self.functions:
            raise _error("ResourceNotFoundException", f"Function not found: {bare}", operation)
        return self.functions[bare]


class ModelAws:
    """Clients of the model, shaped like `functions.shared.aws.clients.Aws`."""

    def __init__(self, account: ModelAccount) -> None:
        self.region = REGION
        self.lambda_ = _Functions(account)
        self.scheduler = _Scheduler(account)
        self.cloudwatch = _CloudWatch(account)
        self.sqs = _Queues(account)
        self.s3 = _Bucket(account)
        self.cloudtrail = _CloudTrail(account)
        self.cloudformation = _CloudFormation(account)


_STATISTICS: Final[Mapping[str, Callable[[list[float]], float]]] = {
    "Average": lambda values: sum(values) / len(values),
    "SampleCount": sum,
    "p50": median,
    "Maximum": max,
    "Sum": sum,
    "p99": max,
}


class _Functions:
    def __init__(self, account: ModelAccount) -> None:
        self._account = account

    def get_function_concurrency(self, *, FunctionName: str) -> dict[str, Any]:  # noqa: N803
        self._account.watched("GetFunctionConcurrency")
        function = self._account._function(FunctionName, "GetFunctionConcurrency")
        if function.reserved is None:
            return {}
        return {"ReservedConcurrentExecutions": function.reserved}

    def put_function_concurrency(
        self,
        *,
        FunctionName: str,  # noqa: N803
        ReservedConcurrentExecutions: int,  # noqa: N803
    ) -> dict[str, Any]:
        self._account.watched("PutFunctionConcurrency")
        name = FunctionName.rpartition(":")[2]
        self._account.reserve(name, ReservedConcurrentExecutions, self._account.actor)
        self._account.watched("PutFunctionConcurrency done")
        return {"ResponseMetadata": {"HTTPStatusCode": 200, "RequestId": "model"}}

    def delete_function_concurrency(self, *, FunctionName: str) -> dict[str, Any]:  # noqa: N803
        self._account.watched("DeleteFunctionConcurrency")
        self._account.reserve(FunctionName.rpartition(":")[2], None, self._account.actor)
        self._account.watched("DeleteFunctionConcurrency done")
        return {"ResponseMetadata": {"HTTPStatusCode": 204, "RequestId": "model"}}

    def get_function_configuration(self, *, FunctionName: str) -> dict[str, Any]:  # noqa: N803
        self._account.watched("GetFunctionConfiguration")
        self._account._function(FunctionName, "GetFunctionConfiguration")
        return {"Timeout": 30, "MemorySize": 512, "Architectures": ["x86_64"]}

    def get_account_settings(self) -> dict[str, Any]:
        self._account.watched("GetAccountSettings")
        return {
            "AccountLimit": {
                "ConcurrentExecutions": self._account.limit,
                "UnreservedConcurrentExecutions": self._account.unreserved,
            }
        }

    def list_tags(self, *, Resource: str) -> dict[str, Any]:  # noqa: N803
        self._account.watched("ListTags")
        return {"Tags": dict(self._account._function(Resource, "ListTags").tags)}

    def get_function_event_invoke_config(self, *, FunctionName: str) -> dict[str, Any]:  # noqa: N803
        self._account.watched("GetFunctionEventInvokeConfig")
        raise _error("ResourceNotFoundException", FunctionName, "GetFunctionEventInvokeConfig")

    def get_paginator(self, operation: str) -> "_Pages":
        return _Pages(self._account, operation)


class _Pages:
    def __init__(self, account: ModelAccount, operation: str) -> None:
        self._account = account
        self._operation = operation

    def paginate(self, **parameters: Any) -> list[dict[str, Any]]:
        self._account.watched(self._operation)
        if self._operation == "list_functions":
            return [
                {
                    "Functions": [
                        {"FunctionArn": str(self._account.arn(name)), "MemorySize": 512}
                        for name in self._account.functions
                    ]
                }
            ]
        name = parameters["FunctionName"]
        function = self._account._function(name, self._operation)
        if self._operation == "list_event_source_mappings":
            return [{"EventSourceMappings": function.sources}]
        provisioned = {"RequestedProvisionedConcurrentExecutions": function.provisioned}
        return [{"ProvisionedConcurrencyConfigs": [provisioned]}]


class _Scheduler:
    def __init__(self, account: ModelAccount) -> None:
        self._account = account

    def create_schedule(self, **request: Any) -> dict[str, Any]:
        self._account.watched("CreateSchedule")
        if request["Name"] in self._account.schedules:
            raise _error("ConflictException", "exists", "CreateSchedule")
        moment = request["ScheduleExpression"].removeprefix("at(").removesuffix(")")
        at = datetime.fromisoformat(f"{moment}+00:00")
        self._account.schedules[request["Name"]] = (at, request["Target"]["Input"])
        return {}


class _CloudWatch:
    """GetMetricData: sums and maxima over periods aligned to the epoch."""

    def __init__(self, account: ModelAccount) -> None:
        self._account = account

    def get_paginator(self, _: str) -> "_CloudWatch":
        return self

    def paginate(
        self,
        *,
        MetricDataQueries: Sequence[Mapping[str, Any]],  # noqa: N803
        StartTime: datetime,  # noqa: N803
        EndTime: datetime,  # noqa: N803
        **_: Any,
    ) -> list[dict[str, Any]]:
        self._account.watched("GetMetricData")
        return [
            {
                "MetricDataResults": [
                    self._result(query, StartTime, EndTime) for query in MetricDataQueries
                ]
            }
        ]

    def _samples(self, name: str, metric: str) -> list[tuple[datetime, float]]:
        """Of one function, or of all of them together."""
        if name or ("", metric) in self._account.metrics:
            return self._account.metrics.get((name, metric), [])
        together: dict[datetime, float] = {}
        for (_, one), samples in self._account.metrics.items():
            if one == metric:
                for at, value in samples:
                    together[at] = together.get(at, 0.0) + value
        return list(together.items())

    def _result(self, query: Mapping[str, Any], start: datetime, end: datetime) -> dict[str, Any]:
        stat = query["MetricStat"]
        dimensions = stat["Metric"]["Dimensions"]
        name = dimensions[0]["Value"] if dimensions else ""
        period = stat["Period"]
        found: dict[datetime, list[float]] = {}
        # Every invocation leaves one sample of Duration; the model keeps one for each minute.
        counted = stat["Stat"] == "SampleCount"
        metric = "Invocations" if counted else stat["Metric"]["MetricName"]
        for at, value in self._samples(name, metric):
            if start <= at < end:
                begin = at - timedelta(seconds=at.timestamp() % period)
                found.setdefault(begin, []).append(value)
        combine = _STATISTICS[stat["Stat"]]
        return {
            "Id": query["Id"],
            "StatusCode": "Complete",
            "Timestamps": sorted(found),
            "Values": [float(combine(found[at])) for at in sorted(found)],
        }


class _CloudTrail:
    """LookupEvents by an event's id."""

    def __init__(self, account: ModelAccount) -> None:
        self._account = account

    def lookup_events(self, *, LookupAttributes: Sequence[Mapping[str, str]]) -> dict[str, Any]:  # noqa: N803
        self._account.watched("LookupEvents")
        record = self._account.history.get(LookupAttributes[0]["AttributeValue"])
        return {"Events": [{"CloudTrailEvent": json.dumps(record)}] if record else []}


class _CloudFormation:
    """DescribeStackResource, of the resource that the guard has in its stack."""

    def __init__(self, account: ModelAccount) -> None:
        self._account = account

    def describe_stack_resource(
        self,
        *,
        StackName: str,  # noqa: N803
        LogicalResourceId: str,  # noqa: N803
    ) -> dict[str, Any]:
        self._account.watched("DescribeStackResource")
        going = LogicalResourceId in self._account.deleting
        return {
            "StackResourceDetail": {
                "StackId": f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/{StackName}/1",
                "ResourceType": "Custom::GuardRelease",
                "ResourceStatus": "DELETE_IN_PROGRESS" if going else "CREATE_COMPLETE",
            }
        }


@dataclass(frozen=True, slots=True)
class _Meta:
    endpoint_url: str


class _Bucket:
    """Objects, as far as the detector keeps some."""

    def __init__(self, account: ModelAccount) -> None:
        self._account = account
        self._objects: dict[str, bytes] = {}

    @property
    def meta(self) -> _Meta:
        return _Meta(self._account.s3_address)

    def get_object(self, *, Bucket: str, Key: str) -> dict[str, Any]:  # noqa: N803
        if Key not in self._objects:
            raise _error("NoSuchKey", f"{Bucket}/{Key}", "GetObject")
        return {"Body": BytesIO(self._objects[Key])}

    def put_object(self, *, Key: str, Body: bytes, **_: Any) -> dict[str, Any]:  # noqa: N803
        self._objects[Key] = Body
        return {}


class _Queues:
    def __init__(self, account: ModelAccount) -> None:
        self._account = account

    def get_queue_url(self, *, QueueName: str, **_: Any) -> dict[str, str]:  # noqa: N803
        return {"QueueUrl": f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/{QueueName}"}

    def get_queue_attributes(self, **_: Any) -> dict[str, Any]:
        redrive = '{"maxReceiveCount": 4, "deadLetterTargetArn": "arn:aws:sqs:x:1:dead"}'
        return {"Attributes": {"RedrivePolicy": redrive, "MessageRetentionPeriod": "345600"}}

    def send_message(self, *, MessageBody: str, **_: Any) -> dict[str, str]:  # noqa: N803
        self._account.messages.append(MessageBody)
        return {"MessageId": "model"}


def _error(code: str, message: str, operation: str) -> ClientError:
    status = 404 if code == "ResourceNotFoundException" else 400
    return ClientError(
        {
            "Error": {"Code": code, "Message": message},
            "ResponseMetadata": {"HTTPStatusCode": status},  # type: ignore[typeddict-item] # enough
        },
        operation,
    )
