"""Who may call a function by its configuration."""

import pytest
from botocore.exceptions import ClientError

from functions.anomaly_detector.flows import sources
from functions.anomaly_detector.flows.sources import (
    ask_sources,
    peers_of_mapping,
    peers_of_statement,
)
from functions.shared.aws import access
from functions.shared.aws.access import Statement
from functions.shared.core.reading import Known
from functions.shared.events.change import UrlAccess
from functions.shared.flows.edge import Via
from functions.shared.flows.peer import Home, Peer
from tests.unit.conftest import NOW, World

HOME = Home("123456789012", "eu-west-1")


def statement(*principals: str, **conditions: tuple[str, ...]) -> Statement:
    keys = {key.replace("_", ":"): value for key, value in conditions.items()}
    return Statement("s", principals, ("lambda:InvokeFunction",), keys)


@pytest.mark.parametrize(
    ("given", "peers"),
    [
        (
            statement("s3.amazonaws.com", aws_sourcearn=("arn:aws:s3:::a", "arn:aws:s3:::b")),
            [Peer("s3", "a"), Peer("s3", "b")],
        ),
        (statement("999999999999"), [Peer("account", "999999999999")]),
        (statement("*"), []),
        (statement("*", aws_principalorgid=("o-1",)), [Peer("organization", "o-1")]),
        (statement("*", lambda_functionurlauthtype=("NONE",)), []),
        (statement("AROAEXAMPLEEXAMPLEEXA"), []),
        (statement("apigateway.amazonaws.com"), [Peer("apigateway")]),
    ],
)
def test_a_statement_admits(given: Statement, peers: list[Peer]) -> None:
    assert peers_of_statement(given, HOME) == peers


def test_a_mapping_names_its_source() -> None:
    queue = {"EventSourceArn": "arn:aws:sqs:eu-west-1:123456789012:jobs"}
    assert peers_of_mapping(queue, HOME) == [Peer("sqs", "jobs")]
    kafka = {"SelfManagedEventSource": {"Endpoints": {"KAFKA_BOOTSTRAP_SERVERS": ["k:9092"]}}}
    assert peers_of_mapping(kafka, HOME) == [Peer("kafka", "k:9092")]
    assert peers_of_mapping({}, HOME) == []


def test_every_part_is_asked(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    # The one call here that moto does not know.
    monkeypatch.setattr(access, "urls", lambda *_: Known((UrlAccess("AWS_IAM"),)))
    function = world.create_function("orders")
    aws = world.warden.aws
    aws.sqs.create_queue(QueueName="jobs")
    aws.lambda_.create_event_source_mapping(
        FunctionName="orders", EventSourceArn="arn:aws:sqs:eu-west-1:123456789012:jobs"
    )
    aws.events.put_rule(Name="nightly", ScheduleExpression="rate(1 day)")
    aws.events.put_targets(Rule="nightly", Targets=[{"Id": "1", "Arn": str(function)}])
    found = ask_sources(aws, function, NOW)
    assert {(one.via, one.peer) for one in found.sightings} == {
        (Via.MAPPING, Peer("sqs", "jobs")),
        (Via.URL, Peer("url", "(AWS_IAM)")),
        (Via.RULE, Peer("events", "nightly")),
    }
    assert found.unread == ()
    assert found.read == {Via.MAPPING, Via.POLICY, Via.RULE, Via.URL}


def test_one_refusal_hides_no_other(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise ClientError({"Error": {"Code": "AccessDeniedException"}}, "List")

    monkeypatch.setattr(sources, "_mapped", refused)
    found = ask_sources(world.warden.aws, world.create_function("orders"), NOW)
    assert found.unread == ("reading event source mappings: AccessDeniedException",)
    assert found.read == {Via.POLICY, Via.RULE, Via.URL}


def test_throttling_is_no_finding(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def throttled(*_: object) -> None:
        raise ClientError({"Error": {"Code": "TooManyRequestsException"}}, "List")

    monkeypatch.setattr(sources, "_mapped", throttled)
    with pytest.raises(ClientError):
        ask_sources(world.warden.aws, world.create_function("orders"), NOW)
