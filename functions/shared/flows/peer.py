"""`Peer`: what stands at the other end of a function's edge, spelled one way whoever names it.

X-Ray calls a queue by its URL, an event source mapping by its ARN, a policy by a condition. All of
them mean the same caller, and one caller must be one edge.
"""

import re
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Final

from functions.shared.core.arn import FunctionArn
from functions.shared.core.text import plain

FUNCTION: Final = "function"
HOST: Final = "host"
CLIENT: Final = "client"
URL: Final = "url"
ACCOUNT: Final = "account"
PRINCIPAL: Final = "principal"
ORGANIZATION: Final = "organization"
SERVICE: Final = "service"

PRIVATE_HOST: Final = "private address"
"""Stands for every address of a private network: machines come and go, the network stays."""

_NAME_LENGTH: Final = 200
_ACCOUNT_ID: Final = re.compile(r"[0-9]{12}")
# X-Ray and IAM name some services in two ways (X-Ray developer guide, "Integrating with AWS
# services"; IAM, "AWS services that work with IAM").
_ALIASES: Final = {
    "execute-api": "apigateway",
    "apigateway": "apigateway",
    "stepfunctions": "states",
    "eventbridge": "events",
    "elasticloadbalancingv2": "elasticloadbalancing",
}
_LABELS: Final = {
    "apigateway": "API Gateway",
    "cognito-idp": "Cognito user pool",
    "database": "database",
    "dynamodb": "DynamoDB table",
    "elasticloadbalancing": "load balancer",
    "events": "EventBridge rule",
    "kafka": "Kafka cluster",
    "kinesis": "Kinesis stream",
    "logs": "log group",
    "mq": "message broker",
    "s3": "S3 bucket",
    "sns": "SNS topic",
    "sqs": "SQS queue",
    "states": "state machine",
    URL: "function URL",
}
# Services whose X-Ray name ends in what their ARN ends in: a queue's URL, a topic's ARN.
_NAMED_BY_LAST_PART: Final = frozenset({"kinesis", "sns", "sqs"})
# Amazon SQS developer guide, "Queue and message identifiers".
_QUEUE_URL: Final = re.compile(r"https?://sqs\.(?P<region>[a-z0-9-]+)\.[^/]+/(?P<account>\d{12})/")


@dataclass(frozen=True, slots=True, order=True)
class Peer:
    """A caller or a callee.

    Attributes:
        kind: `function`, `host`, `client` (a caller that leaves no trace of itself), `url`,
            `account`, `principal`, `organization`, `database`, `service` (an instrumented program),
            or an AWS service as ARNs spell it, such as `sqs`.
        name: Tells it apart among its kind; one of another account or region starts with that and
            a colon. Empty where only the kind is known.
    """

    kind: str
    name: str = ""

    def __post_init__(self) -> None:
        """Names come from traces and policies, which anyone may write: bounded here, once."""
        object.__setattr__(self, "kind", plain(self.kind, 40))
        object.__setattr__(self, "name", plain(self.name, _NAME_LENGTH))

    @property
    def id(self) -> str:
        """One text for it, such as `sqs:jobs`."""
        return f"{self.kind}:{self.name}"

    @property
    def label(self) -> str:
        """How a person is told of it."""
        if self.kind == CLIENT:
            return "a caller that leaves no trace"
        kind = _LABELS.get(self.kind, self.kind)
        return f"{kind} {self.name}".strip()

    @property
    def account(self) -> str:
        """The other account that it belongs to; empty where it is not known to be another one.

        Of an account or a principal, which a policy spells out, whichever account that is.
        """
        if self.kind == PRINCIPAL:
            parts = self.name.split(":")
            return parts[4] if len(parts) > 4 else ""
        if self.kind == ACCOUNT:
            return self.name
        account, colon, _ = self.name.partition(":")
        return account if colon and _ACCOUNT_ID.fullmatch(account) else ""

    @property
    def is_aws_service(self) -> bool:
        """Whether it is a resource of an AWS service, a function not counted."""
        return self.kind not in _NO_AWS_SERVICE


_NO_AWS_SERVICE: Final = frozenset(
    {FUNCTION, HOST, CLIENT, URL, ACCOUNT, PRINCIPAL, ORGANIZATION, SERVICE, "database"}
)


@dataclass(frozen=True, slots=True)
class Home:
    """The account and region from which names are read: what is there is called by name only."""

    account: str
    region: str

    def own(self, name: str) -> FunctionArn | None:
        """The function of this account and region that a peer's name stands for, if it is one."""
        try:
            return FunctionArn.parse(name, account=self.account, region=self.region)
        except ValueError:
            return None


def of_node(name: str, type_: str, account: str, home: Home) -> Peer:
    """The peer that a node of X-Ray's service graph stands for.

    Args:
        name: Its canonical name.
        type_: Its type, such as `AWS::SQS::Queue`, `remote` or `client`.
        account: The account it belongs to, empty where X-Ray does not say.
        home: Where the graph was read.
    """
    match type_.split("::", maxsplit=2):
        case ["client"]:
            return Peer(CLIENT)
        case ["remote"]:
            return Peer(HOST, _host(name))
        case ["Database", *_]:
            return Peer("database", name)
        case ["AWS", service, *_]:
            return _aws_node(name, service.lower(), account, home)
    return Peer(SERVICE, _qualified(name, account, "", home))


def _aws_node(name: str, service: str, account: str, home: Home) -> Peer:
    if service == "lambda":
        return Peer(FUNCTION, "" if name == "Lambda" else _qualified(name, account, "", home))
    kind = _ALIASES.get(service, service)
    if name.lower() in {kind, service}:
        return Peer(kind)  # the service as a whole: the call named no resource
    if kind in _NAMED_BY_LAST_PART:
        if name.startswith("arn:"):
            return of_arn(name, home)
        url = _QUEUE_URL.match(name)
        name, region = re.split("[/:]", name)[-1], url["region"] if url else ""
        return Peer(kind, _qualified(name, url["account"] if url else account, region, home))
    return Peer(kind, _qualified(name, account, "", home))


def of_arn(arn: str, home: Home) -> Peer:
    """The peer that an ARN names; what is no ARN is a principal by that text."""
    parts = arn.split(":", 5)
    if len(parts) < 6 or parts[0] != "arn":
        return Peer(PRINCIPAL, arn)
    _, _, service, region, account, resource = parts
    kind = _ALIASES.get(service, service)
    if kind in {"iam", "sts"}:
        return Peer(ACCOUNT, account) if resource == "root" else Peer(PRINCIPAL, arn)
    if kind == "lambda" and resource.startswith("function:"):
        name = resource.split(":")[1]
        return Peer(FUNCTION, _qualified(name, account, region, home))
    return Peer(kind, _qualified(_resource(kind, resource), account, region, home))


def of_principal(principal: str, source_arn: str, source_account: str, home: Home) -> Peer:
    """The caller that a statement of a resource policy admits.

    Args:
        principal: A service, an account or an ARN, as the policy spells it.
        source_arn: What the statement limits a service's calls to, empty for nothing.
        source_account: Likewise for the account.
        home: Where the function lives.
    """
    if _ACCOUNT_ID.fullmatch(principal):
        return Peer(ACCOUNT, principal)
    if not principal.endswith((".amazonaws.com", ".amazonaws.com.cn")):
        return of_arn(principal, home)
    if source_arn and source_arn != "*":
        return of_arn(source_arn, home)
    service = principal.partition(".")[0]
    foreign = source_account if source_account != home.account else ""
    return Peer(_ALIASES.get(service, service), f"{foreign}:" if foreign else "")


def _host(name: str) -> str:
    host = name.lower().removeprefix("https://").removeprefix("http://").split("/")[0]
    bare, _, port = host.rpartition(":")
    host = bare if bare and port.isdecimal() and ":" not in bare else host
    try:
        return PRIVATE_HOST if ip_address(host.strip("[]")).is_private else host
    except ValueError:
        return host


def _resource(kind: str, resource: str) -> str:
    """The name inside an ARN's resource part, as the same thing is called elsewhere."""
    match kind:
        case "s3" | "apigateway":
            return resource.partition("/")[0]  # a bucket; an API, whichever its stages and paths
        case "dynamodb" | "kinesis" | "kafka" | "elasticloadbalancing" | "cognito-idp":
            parts = resource.split("/")
            return parts[1] if len(parts) > 1 else resource
        case "events":
            return resource.removeprefix("rule/")
        case "logs":
            return resource.removeprefix("log-group:").removesuffix(":*")
        case "states" | "mq":
            return resource.split(":")[1] if ":" in resource else resource
    return resource


def _qualified(name: str, account: str, region: str, home: Home) -> str:
    foreign = [
        part
        for part, own in ((account, home.account), (region, home.region))
        if part and part not in {own, "*"}
    ]
    return ":".join([*foreign, name])
