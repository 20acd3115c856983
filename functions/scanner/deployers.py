"""Who deploys a function, and with which tool: normalised, so that sessions compare equal. Pure."""

import re
from collections.abc import Sequence
from dataclasses import astuple, dataclass, replace
from datetime import datetime, timedelta
from typing import Final

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


@dataclass(frozen=True, slots=True)
class Deployer:
    """An identity with the tool it deployed a function with.

    Attributes:
        identity: Role, user or service; sessions of one role are one identity.
        tool: What made the calls, in a person's words.
        first_at: When they first did.
        last_at: When they last did.
        occasions: How often, counting calls within an hour of each other once.
    """

    identity: str
    tool: str
    first_at: datetime
    last_at: datetime
    occasions: int = 1


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
    for index, one in enumerate(known):
        if (one.identity, one.tool) == (identity, tool):
            again = _again(one, change.at)
            return (*known[:index], again, *known[index + 1 :])
    met = Deployer(identity, tool, change.at, change.at)
    # The first ones stay: they are what a newcomer is compared with.
    return (*known, met) if len(known) < _MOST_KEPT else (*known[: _MOST_KEPT - 1], met)


def _names(actor: Actor) -> tuple[str, str]:
    return identity_of(actor.arn), tool_of(actor.tool)


def _again(deployer: Deployer, at: datetime) -> Deployer:
    if at <= deployer.last_at:
        return deployer
    if at - deployer.last_at <= _OCCASION:
        return replace(deployer, last_at=at)
    return replace(deployer, last_at=at, occasions=deployer.occasions + 1)


_ROWS: Final = TypeAdapter(tuple[tuple[str, str, datetime, datetime, int], ...])


def to_json(deployers: Sequence[Deployer]) -> str:
    """Deployers as text for the state table."""
    return _ROWS.dump_json(tuple(map(astuple, deployers))).decode()


def from_json(text: str) -> tuple[Deployer, ...]:
    """Deployers as `to_json` wrote them.

    Raises:
        ValueError: The text is none of ours.
    """
    return tuple(Deployer(*row) for row in _ROWS.validate_json(text))
