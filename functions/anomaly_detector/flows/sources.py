"""Who may call a function by its configuration: mappings, policy, rule targets, URLs.

GetPolicy answers 15 requests a second in a region, all other control-plane calls share another 15
(Lambda quotas): this is asked when a function changed, and otherwise once a day.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from functions.shared.aws import access
from functions.shared.aws.access import Statement
from functions.shared.aws.clients import Aws, ask
from functions.shared.core.arn import FunctionArn
from functions.shared.core.reading import Known, Reading, Unknown
from functions.shared.flows.edge import Direction, Sighting, Via
from functions.shared.flows.peer import ORGANIZATION, URL, Home, Peer, of_arn, of_principal

if TYPE_CHECKING:
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_lambda import LambdaClient

# Statements that serve a function URL: the URL is an edge of its own.
_OF_URL: Final = frozenset({"lambda:functionurlauthtype", "lambda:invokedviafunctionurl"})
# What a policy shows of a role or user that was deleted: its unique id (IAM user guide, "IAM
# identifiers"). It can call no more.
_DELETED: Final = re.compile(r"A[A-Z0-9]{15,127}")


@dataclass(frozen=True, slots=True)
class Sources:
    """The callers that a function's configuration admits.

    Attributes:
        sightings: What was found.
        read: The parts of the configuration that could be read.
        unread: Why the others could not.
    """

    sightings: tuple[Sighting, ...]
    read: frozenset[Via]
    unread: tuple[str, ...]


def ask_sources(aws: Aws, function: FunctionArn, now: datetime) -> Sources:
    """Ask for every part; one refusal hides no other.

    Raises:
        ClientError: Throttled, or a fault of the service: deliver the page again.
    """
    home = Home(function.account, function.region)
    answers: dict[Via, Reading[list[Peer]]] = {
        Via.MAPPING: ask(
            "reading event source mappings", lambda: _mapped(aws.lambda_, function, home)
        ),
        Via.POLICY: _admitted(aws.lambda_, function, home),
        Via.RULE: ask("reading rule targets", lambda: _ruled(aws.events, function)),
        Via.URL: _urls(aws.lambda_, function),
    }
    known = {via: one.value for via, one in answers.items() if isinstance(one, Known)}
    return Sources(
        sightings=tuple(
            Sighting(Direction.CALLER, peer, via, now, now)
            for via, peers in known.items()
            for peer in dict.fromkeys(peers)
        ),
        read=frozenset(known),
        unread=tuple(a.cause for a in answers.values() if isinstance(a, Unknown)),
    )


def peers_of_mapping(mapping: Mapping[str, Any], home: Home) -> list[Peer]:
    """The sources of one event source mapping. Pure."""
    if arn := mapping.get("EventSourceArn"):
        return [of_arn(str(arn), home)]
    endpoints = (mapping.get("SelfManagedEventSource") or {}).get("Endpoints") or {}
    return [Peer("kafka", str(server)) for servers in endpoints.values() for server in servers[:3]]


def peers_of_statement(statement: Statement, home: Home) -> list[Peer]:
    """The callers that one statement of a resource policy admits. Pure.

    One that admits everybody names nobody: it is the scanner's to report.
    """
    conditions = statement.conditions
    if conditions.keys() & _OF_URL:
        return []
    arns = conditions.get("aws:sourcearn", ("",))
    account = conditions.get("aws:sourceaccount", ("",))[0]
    peers = [
        of_principal(principal, arn, account, home)
        for principal in statement.principals
        if principal != "*" and not _DELETED.fullmatch(principal)
        for arn in arns
    ]
    if "*" in statement.principals:
        peers += [Peer(ORGANIZATION, o) for o in conditions.get("aws:principalorgid", ())]
    return peers


def _mapped(client: "LambdaClient", function: FunctionArn, home: Home) -> list[Peer]:
    pages = client.get_paginator("list_event_source_mappings").paginate(FunctionName=function.name)
    return [
        peer
        for page in pages
        for mapping in page["EventSourceMappings"]
        if mapping.get("State") not in {"Deleting", "Disabled"}
        for peer in peers_of_mapping(mapping, home)
    ]


def _admitted(client: "LambdaClient", function: FunctionArn, home: Home) -> Reading[list[Peer]]:
    answer = access.policy(client, function)
    if isinstance(answer, Unknown):
        return answer
    return Known(
        [
            p
            for statement in access.allowing(answer.value)
            for p in peers_of_statement(statement, home)
        ]
    )


def _ruled(client: "EventBridgeClient", function: FunctionArn) -> list[Peer]:
    """Rules of the default bus; those of other buses show in the policy."""

    def pages() -> Iterator[list[str]]:
        answer = client.list_rule_names_by_target(TargetArn=str(function))
        yield answer["RuleNames"]
        while token := answer.get("NextToken"):
            answer = client.list_rule_names_by_target(TargetArn=str(function), NextToken=token)
            yield answer["RuleNames"]

    return [Peer("events", name) for page in pages() for name in page]


def _urls(client: "LambdaClient", function: FunctionArn) -> Reading[list[Peer]]:
    answer = access.urls(client, function)
    if isinstance(answer, Unknown):
        return answer
    # One without authentication is the scanner's to report, and is told apart by its name.
    return Known([Peer(URL, f"({url.auth_type or 'unknown'})") for url in answer.value])
