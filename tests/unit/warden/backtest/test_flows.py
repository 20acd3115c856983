"""`flows` on the command line."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from functions.shared.aws.clients import Aws
from functions.shared.flows.edge import Direction, Edge, Via
from functions.shared.flows.graph import document
from functions.shared.flows.peer import Peer
from functions.shared.flows.state import FlowState
from functions.shared.flows.store import FlowStore
from functions.shared.state.table import Table
from tests.unit.conftest import NOW, REGION, World
from tests.unit.dynamo import create_table
from tests.unit.shared.flows.graphs import graph, link
from warden.backtest import flows
from warden.backtest.main import main

EXAMPLE = graph(link(Peer("client"), Peer("function", "orders")))


@pytest.fixture
def table(empty_aws: Aws) -> Table:
    """The command finds it by its name."""
    return create_table(empty_aws.dynamodb)


@pytest.mark.parametrize(
    ("form", "begins"),
    [("json", "{"), ("svg", "<svg"), ("html", "<!doctype html>"), ("dot", "digraph")],
)
def test_a_printed_document_is_drawn_again(
    form: str, begins: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "flows.json"
    file.write_text(json.dumps(document(EXAMPLE)))
    assert main(["flows", "--from", str(file), "--format", form]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith(begins)
    assert "orders" in printed


def test_the_table_is_read(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    function = world.create_function("orders")
    store = FlowStore(world.warden.table, timedelta(days=90))
    seen = Edge(Direction.CALLER, Peer("sqs", "jobs"), NOW, NOW, frozenset({Via.MAPPING}))
    store.save_edge(function, seen)
    store.save_state(FlowState(function, since=NOW), NOW, active=True)
    monkeypatch.setattr(flows, "_now", lambda: NOW)
    for named in ([], [str(function)]):
        assert main(["flows", *named, "--table", "state", "--region", REGION]) == 0
        printed = json.loads(capsys.readouterr().out)
        assert [one["from"] for one in printed["edges"]] == ["sqs:jobs"]


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ([], "name the state table"),
        (["--from", "missing.json"], "No such file"),
        (["orders", "--table", "t", "--region", "eu-west-1"], "12 digits"),
    ],
)
def test_what_cannot_be_read_is_said(
    arguments: list[str], complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["flows", *arguments]) == 2
    assert complaint in capsys.readouterr().err


def test_a_missing_table_is_said(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["flows", "--table", "another", "--region", REGION]) == 2
    assert "ResourceNotFoundException" in capsys.readouterr().err
