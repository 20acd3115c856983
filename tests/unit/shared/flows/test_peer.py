"""One caller is one peer, whichever source names it."""

import pytest

from functions.shared.flows.peer import PRIVATE_HOST, Home, Peer, of_arn, of_node, of_principal

HOME = Home("123456789012", "eu-west-1")
QUEUE = "https://sqs.eu-west-1.amazonaws.com/123456789012/jobs"


@pytest.mark.parametrize(
    ("name", "type_", "account", "peer"),
    [
        ("orders", "client", "", Peer("client")),
        ("orders", "AWS::Lambda", HOME.account, Peer("function", "orders")),
        ("orders", "AWS::Lambda::Function", "", Peer("function", "orders")),
        ("orders", "AWS::Lambda", "999999999999", Peer("function", "999999999999:orders")),
        ("Lambda", "AWS::Lambda", "", Peer("function", "")),
        (QUEUE, "AWS::SQS::Queue", "", Peer("sqs", "jobs")),
        ("arn:aws:sns:eu-west-1:123456789012:news", "AWS::SNS::Topic", "", Peer("sns", "news")),
        (
            "arn:aws:sns:eu-west-1:999999999999:news",
            "AWS::SNS",
            "",
            Peer("sns", "999999999999:news"),
        ),
        (
            "https://sqs.us-east-1.amazonaws.com/999999999999/jobs",
            "AWS::SQS::Queue",
            "",
            Peer("sqs", "999999999999:us-east-1:jobs"),
        ),
        ("https://queue.amazonaws.com/jobs", "AWS::SQS::Queue", "", Peer("sqs", "jobs")),
        ("DynamoDB", "AWS::DynamoDB", "", Peer("dynamodb")),
        ("orders-table", "AWS::DynamoDB::Table", "", Peer("dynamodb", "orders-table")),
        ("shop/prod", "AWS::ApiGateway::Stage", "", Peer("apigateway", "shop/prod")),
        ("API.Example.com:443", "remote", "", Peer("host", "api.example.com")),
        ("https://api.example.com/v1", "remote", "", Peer("host", "api.example.com")),
        ("10.1.2.3:8080", "remote", "", Peer("host", PRIVATE_HOST)),
        ("shop@db.example.com", "Database::SQL", "", Peer("database", "shop@db.example.com")),
        ("worker", "", "", Peer("service", "worker")),
    ],
)
def test_nodes_of_the_service_graph(name: str, type_: str, account: str, peer: Peer) -> None:
    assert of_node(name, type_, account, HOME) == peer


@pytest.mark.parametrize(
    ("arn", "peer"),
    [
        ("arn:aws:sqs:eu-west-1:123456789012:jobs", Peer("sqs", "jobs")),
        ("arn:aws:sqs:us-east-1:999999999999:jobs", Peer("sqs", "999999999999:us-east-1:jobs")),
        ("arn:aws:kinesis:eu-west-1:123456789012:stream/clicks", Peer("kinesis", "clicks")),
        (
            "arn:aws:dynamodb:eu-west-1:123456789012:table/orders/stream/2026-01-01T00:00:00.000",
            Peer("dynamodb", "orders"),
        ),
        ("arn:aws:s3:::uploads", Peer("s3", "uploads")),
        ("arn:aws:events:eu-west-1:123456789012:rule/nightly", Peer("events", "nightly")),
        ("arn:aws:events:eu-west-1:123456789012:rule/bus/new", Peer("events", "bus/new")),
        (
            "arn:aws:execute-api:eu-west-1:123456789012:a1b2c3/*/GET/orders",
            Peer("apigateway", "a1b2c3"),
        ),
        ("arn:aws:lambda:eu-west-1:123456789012:function:a:live", Peer("function", "a")),
        ("arn:aws:logs:eu-west-1:123456789012:log-group:/app:*", Peer("logs", "/app")),
        ("arn:aws:iam::999999999999:root", Peer("account", "999999999999")),
        (
            "arn:aws:iam::123456789012:role/ops",
            Peer("principal", "arn:aws:iam::123456789012:role/ops"),
        ),
        ("no arn at all", Peer("principal", "no arn at all")),
    ],
)
def test_arns(arn: str, peer: Peer) -> None:
    assert of_arn(arn, HOME) == peer


@pytest.mark.parametrize(
    ("principal", "arn", "account", "peer"),
    [
        ("s3.amazonaws.com", "arn:aws:s3:::uploads", "", Peer("s3", "uploads")),
        ("events.amazonaws.com", "", "", Peer("events")),
        ("events.amazonaws.com", "*", "123456789012", Peer("events")),
        ("s3.amazonaws.com", "", "999999999999", Peer("s3", "999999999999:")),
        ("999999999999", "", "", Peer("account", "999999999999")),
    ],
)
def test_principals_of_a_policy(principal: str, arn: str, account: str, peer: Peer) -> None:
    assert of_principal(principal, arn, account, HOME) == peer


@pytest.mark.parametrize(
    ("peer", "account"),
    [
        (Peer("sns", "999999999999:news"), "999999999999"),
        (Peer("sns", "us-east-1:news"), ""),
        (Peer("s3", "123456789012"), ""),
        (Peer("account", "999999999999"), "999999999999"),
        (Peer("principal", "arn:aws:iam::999999999999:role/ops"), "999999999999"),
        (Peer("function", "orders"), ""),
    ],
)
def test_the_other_account_that_a_peer_belongs_to(peer: Peer, account: str) -> None:
    assert peer.account == account


def test_names_are_bounded_and_visible() -> None:
    peer = Peer("host", "a\u202eb\n" + "x" * 1000)
    assert len(peer.name) == 200
    assert "\u202e" not in peer.name
    assert "\n" not in peer.name
    assert Peer(peer.kind, peer.name) == peer
