"""Who deploys a function, and with which tool: normalised, so that sessions compare equal. Pure."""

import re
from collections.abc import Sequence
from dataclasses import astuple, dataclass, replace
from datetime import datetime, timedelta
from typing import Final, TypeAlias

from pydantic import TypeAdapter

from functions.shared.core.text import plain
from functions.shared.events.change import Actor, ChangeKind, FunctionChange

DEPLOYMENTS: Final = frozenset({ChangeKind.CREATED, ChangeKind.CODE, ChangeKind.CONFIGURATION})

# One deployment makes several calls; those within this time are one occasion.
_OCCASION: Final = timedelta(hours=1)
_MOST_KEPT: Final = 30
_ASSUMED: Final = re.compile(
    r"arn:(?P<partition>[\w-]+):sts::(?P<account>\d{12}):assumed-role/(?P<role>[^/]+)/(?P<session>.+)"
)
# Roles that people reach through IAM Identity Center; the session is the person.
_OF_PEOPLE: Final = re.compile(r"AWSReservedSSO_|AWSReservedSSO/")
# User agents as the tools send them; the first that fits counts, so wrappers precede SDKs.
_TOOLS: Final[tuple[tuple[str, re.Pattern[str]], ...]] = tuple(
    (name, re.compile(pattern, re.IGNORECASE))
    for name, pattern in (
        ("CloudFormation", r"^cloudformation\.amazonaws\.com"),
        ("Terraform", r"terraform|opentofu"),
        ("Pulumi", r"pulumi"),
        ("SAM CLI", r"aws-sam-cli|aws-toolkit.{0,300}sam"),
        ("CDK", r"aws-cdk|cdk-hotswap"),
        ("Serverless Framework", r"serverless"),
        ("console", r"^mozilla/|(?:console|signin)\.amazonaws\.com|^aws[ -]internal|awsconsole"),
        ("CloudShell", r"cloudshell"),
        ("AWS CLI", r"aws-cli/"),
        ("boto3", r"boto3/|botocore/"),
        ("AWS SDK", r"aws-sdk-([a-z]+)"),
    )
)  # fmt: skip

_BY_HAND: Final = frozenset({"console", "CloudShell"})
_DEPLOYS: Final = frozenset(
    {"CloudFormation", "Terraform", "Pulumi", "SAM CLI", "CDK", "Serverless Framework"}
)
# Sessions of an instance's role are named after the instance.
_INSTANCE: Final = re.compile(r":assumed-role/[^/]+/i-[0-9a-f]{8,17}$")


@dataclass(frozen=True, slots=True)
class Deployer:
    """An identity with the tool it deployed a function with.

    Attributes:
        identity: Role, user or service; sessions of one role are one identity.
        tool: What made the calls, in a person's words.
        first_at: When they first did.
        last_at: When they last did.
        occasions: How often, counting calls within an hour of each other once.
        changed_code: Whether they ever changed what runs: code, layers, or the version of an alias.
        on_instance: Whether the credentials were those of a machine in EC2.
    """

    identity: str
    tool: str
    first_at: datetime
    last_at: datetime
    occasions: int = 1
    changed_code: bool = False
    on_instance: bool = False

    @property
    def has_long_lived_key(self) -> bool:
        """Whether it is a user, or the account itself: such keys stay valid until taken away."""
        return ":user/" in self.identity or self.identity.endswith(":root")

    @property
    def is_person(self) -> bool:
        """Whether a person is at it: a user's key, a sign-on of people, the console, a shell."""
        return (
            self.tool in _BY_HAND
            or self.has_long_lived_key
            or _OF_PEOPLE.search(self.identity) is not None
        )

    @property
    def deploys(self) -> bool:
        """Whether the tool is made for deploying."""
        return self.tool in _DEPLOYS

    @property
    def is_pipeline(self) -> bool:
        """Whether a machine deploys: a tool that is made for it, or a role that no person holds."""
        return self.deploys or not (self.is_person or self.on_instance)


def tool_of(user_agent: str) -> str:
    """The tool that a user agent stands for; what is not known is shown by its first word."""
    for name, pattern in _TOOLS:
        if match := pattern.search(user_agent):
            return f"{name} for {match[1]}" if pattern.groups else name
    return plain(user_agent.partition(" ")[0].partition("/")[0], 60) or "unknown tool"


def identity_of(arn: str) -> str:
    """The identity behind a caller's ARN: a role for its sessions, but each person for its own."""
    match = _ASSUMED.fullmatch(arn)
    if match is None or _OF_PEOPLE.search(match["role"]):
        return plain(arn, 300)
    return plain(f"arn:{match['partition']}:iam::{match['account']}:role/{match['role']}", 300)


def noted(known: Sequence[Deployer], change: FunctionChange) -> tuple[Deployer, ...]:
    """The deployers of a function after a change; equal to `known` where it teaches nothing.

    Lambda's own events and the sweep name nobody: they never count. A change that arrives again,
    or late, is no further occasion.
    """
    if change.kind not in DEPLOYMENTS or not change.actor.arn:
        return tuple(known)
    identity, tool = _names(change.actor)
    code = _changes_code(change)
    for index, one in enumerate(known):
        if (one.identity, one.tool) == (identity, tool):
            again = _again(one, change.at, changed_code=code)
            return (*known[:index], again, *known[index + 1 :])
    instance = _INSTANCE.search(change.actor.arn) is not None
    met = Deployer(identity, tool, change.at, change.at, 1, code, instance)
    # The first ones stay: they are what a newcomer is compared with.
    return (*known, met) if len(known) < _MOST_KEPT else (*known[: _MOST_KEPT - 1], met)


def _names(actor: Actor) -> tuple[str, str]:
    return identity_of(actor.arn), tool_of(actor.tool)


def _changes_code(change: FunctionChange) -> bool:
    return (
        change.kind in {ChangeKind.CREATED, ChangeKind.CODE}
        or change.stated.layers is not None
        or change.event_name.startswith("UpdateAlias")
    )


def _again(deployer: Deployer, at: datetime, *, changed_code: bool) -> Deployer:
    deployer = replace(deployer, changed_code=deployer.changed_code or changed_code)
    if at <= deployer.last_at:
        return deployer
    if at - deployer.last_at <= _OCCASION:
        return replace(deployer, last_at=at)
    return replace(deployer, last_at=at, occasions=deployer.occasions + 1)


_Row: TypeAlias = (
    tuple[str, str, datetime, datetime, int]  # as version 0.2 wrote them
    | tuple[str, str, datetime, datetime, int, bool, bool]
)
_ROWS: Final = TypeAdapter(tuple[_Row, ...])


def to_json(deployers: Sequence[Deployer]) -> str:
    """Deployers as text for the state table."""
    return _ROWS.dump_json(tuple(map(astuple, deployers))).decode()


def from_json(text: str) -> tuple[Deployer, ...]:
    """Deployers as `to_json` wrote them.

    Raises:
        ValueError: The text is none of ours.
    """
    return tuple(Deployer(*row) for row in _ROWS.validate_json(text))
