"""AWS clients: the only importer of boto3.

A client is made on first use, because importing and configuring all of them would double a cold
start. Time-outs are short: a handler that waits for a broken endpoint is billed for waiting.
"""

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from functions.shared.core.reading import Known, Reading, Unknown

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_cloudwatch import CloudWatchClient
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_iam import IAMClient
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_logs import CloudWatchLogsClient
    from mypy_boto3_resourcegroupstaggingapi import ResourceGroupsTaggingAPIClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_scheduler import EventBridgeSchedulerClient
    from mypy_boto3_securityhub import SecurityHubClient
    from mypy_boto3_sns import SNSClient
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sts import STSClient
    from mypy_boto3_xray import XRayClient

__all__ = ["Aws", "AwsError", "ClientError", "ask", "error_code"]

T = TypeVar("T")

AwsError = (ClientError, BotoCoreError)
"""What a failed call raises; catch it where the failure is turned into a reading or a retry."""

_ATTEMPTS = 6
_CONFIG = Config(
    connect_timeout=3,
    read_timeout=20,
    retries={"mode": "adaptive", "max_attempts": _ATTEMPTS},
    user_agent_extra="lambda-warden",
)


class CallObserver(Protocol):
    """Is told of each call; where a person waits, it says what for."""

    def began(self, what: str) -> None:
        """A call begins in this thread; `what` is service, operation and address."""

    def ended(self) -> None:
        """The call of this thread has an answer, or has failed."""


class Aws:
    """One client per service, for one region."""

    def __init__(
        self,
        region: str = "",
        *,
        profile: str = "",
        attempts: int = _ATTEMPTS,
        observer: CallObserver | None = None,
    ) -> None:
        """Make a session; clients are made on first use.

        Args:
            region: The region; empty for the one that boto3 finds.
            profile: Profile of the credentials; empty for those that boto3 finds.
            attempts: How often a call is tried in all.
            observer: Is told of each call.

        Raises:
            BotoCoreError: There is no such profile.
        """
        self._session = boto3.Session(region_name=region or None, profile_name=profile or None)
        self._config = _CONFIG.merge(Config(retries={"mode": "adaptive", "max_attempts": attempts}))
        if observer:
            self._observe(observer)

    def _observe(self, observer: CallObserver) -> None:
        def began(model: Any, params: Any, **_: Any) -> None:
            service = model.service_model.service_id
            observer.began(f"{service} {model.name} at {params['url']}")

        self._session.events.register_first("before-call", began)
        for end in ("after-call", "after-call-error"):
            self._session.events.register_first(end, lambda **_: observer.ended())

    @property
    def region(self) -> str:
        """The region of all clients; empty where boto3 found none."""
        return self._session.region_name or ""

    @cached_property
    def cloudformation(self) -> "CloudFormationClient":
        """Stacks and their outputs."""
        return self._session.client("cloudformation", config=self._config)

    @cached_property
    def cloudtrail(self) -> Any:
        """The history of the account's API calls."""
        return self._session.client("cloudtrail", config=self._config)

    @cached_property
    def cloudwatch(self) -> "CloudWatchClient":
        """Metrics."""
        return self._session.client("cloudwatch", config=self._config)

    @cached_property
    def dynamodb(self) -> "DynamoDBClient":
        """The state table."""
        return self._session.client("dynamodb", config=self._config)

    @cached_property
    def ecr(self) -> Any:
        """Container images."""
        return self._session.client("ecr", config=self._config)

    @cached_property
    def events(self) -> "EventBridgeClient":
        """The event bus."""
        return self._session.client("events", config=self._config)

    @cached_property
    def lambda_(self) -> "LambdaClient":
        """The Lambda control plane."""
        return self._session.client("lambda", config=self._config)

    @cached_property
    def iam(self) -> "IAMClient":
        """Execution roles and their policies."""
        return self._session.client("iam", config=self._config)

    @cached_property
    def logs(self) -> "CloudWatchLogsClient":
        """Log groups and their subscriptions."""
        return self._session.client("logs", config=self._config)

    @cached_property
    def s3(self) -> "S3Client":
        """Inventories and advisories."""
        return self._session.client("s3", config=self._config)

    @cached_property
    def scheduler(self) -> "EventBridgeSchedulerClient":
        """One-time schedules."""
        return self._session.client("scheduler", config=self._config)

    @cached_property
    def security_hub(self) -> "SecurityHubClient":
        """Security Hub."""
        return self._session.client("securityhub", config=_CONFIG)

    @cached_property
    def sns(self) -> "SNSClient":
        """Alerts."""
        return self._session.client("sns", config=self._config)

    @cached_property
    def sqs(self) -> "SQSClient":
        """Queues."""
        return self._session.client("sqs", config=self._config)

    @cached_property
    def sts(self) -> "STSClient":
        """Who we are."""
        return self._session.client("sts", config=self._config)

    @cached_property
    def tagging(self) -> "ResourceGroupsTaggingAPIClient":
        """Tags of many resources at once."""
        return self._session.client("resourcegroupstaggingapi", config=self._config)

    @cached_property
    def xray(self) -> "XRayClient":
        """Traces."""
        return self._session.client("xray", config=self._config)


def error_code(error: BaseException) -> str:
    """The service's own code of a failed call, such as `AccessDeniedException`."""
    if isinstance(error, ClientError):
        return str(error.response.get("Error", {}).get("Code", "")) or type(error).__name__
    return type(error).__name__


# Source: the error codes that botocore's standard retry mode takes for throttling or passing.
_RETRY_LATER = frozenset(
    {
        "BandwidthLimitExceeded",
        "EC2ThrottledException",
        "InternalError",
        "InternalFailure",
        "LimitExceededException",
        "PriorRequestNotComplete",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "RequestTimeout",
        "RequestTimeoutException",
        "ServiceException",
        "ServiceUnavailable",
        "SlowDown",
        "ThrottledException",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
        "TransactionInProgressException",
    }
)

_TOO_MANY_REQUESTS = 429


def ask(what: str, call: Callable[[], T]) -> Reading[T]:
    """Make one read call; a refusal becomes an `Unknown`, so that it can be reported.

    Args:
        what: The thing asked for, in a person's words; starts the cause of an `Unknown`.
        call: Makes the call and picks the answer.

    Raises:
        ClientError: Throttled, or a fault of the service: worth another delivery, not a finding.
        BotoCoreError: The service could not be reached, likewise.
    """
    try:
        return Known(call())
    except ClientError as error:
        code = error_code(error)
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        if code in _RETRY_LATER or status == _TOO_MANY_REQUESTS or status >= 500:
            raise
        missing = code in {"ResourceNotFoundException", "NoSuchKey", "404"}
        return Unknown(f"{what}: {code}", missing=missing)
