"""`warden flows`."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from functions.shared.flows.edge import Direction, Edge, Via
from functions.shared.flows.graph import document
from functions.shared.flows.peer import Peer
from functions.shared.flows.state import FlowState
from functions.shared.flows.store import FlowStore
from tests.unit.shared.flows.graphs import graph, link
from tests.unit.warden.conftest import Desk
from tests.unit.warden.terminal import main


@pytest.fixture
def remembered(desk: Desk) -> Desk:
    function, now = desk.world.create_function("orders"), desk.scene.now
    store = FlowStore(desk.world.warden.table, timedelta(days=90))
    seen = Edge(Direction.CALLER, Peer("sqs", "jobs"), now, now, frozenset({Via.MAPPING}))
    store.save_edge(function, seen)
    store.save_state(FlowState(function, since=now), now, active=True)
    return desk


@pytest.mark.parametrize("named", [(), ("orders",)])
def test_what_is_remembered_is_data(remembered: Desk, named: tuple[str, ...]) -> None:
    document = remembered.read("flows", *named)
    assert [(one["from"], one["to"]) for one in document["edges"]] == [
        ("sqs:jobs", "function:orders")
    ]


@pytest.mark.parametrize(
    ("form", "begins"),
    [("svg", "<svg"), ("html", "<!doctype"), ("dot", "digraph"), ("table", "CALLER")],
)
def test_and_pictures(remembered: Desk, form: str, begins: str, tmp_path: Path) -> None:
    file = tmp_path / "flows"
    done = remembered.type("flows", "orders", "--format", form, "--output", str(file))
    assert (done.exit_code, done.stdout) == (0, "")
    assert file.read_text(encoding="utf-8").startswith(begins)


def test_what_is_no_function_is_refused(remembered: Desk) -> None:
    assert "no function name" in remembered.refused("flows", "or ders")
    assert "There is no function ordres in eu-west-1" in remembered.refused("flows", "ordres")


def test_a_function_without_flows_is_no_mistyped_name(remembered: Desk) -> None:
    remembered.world.create_function("alone")
    assert remembered.read("flows", "alone")["edges"] == []


@pytest.mark.parametrize(
    ("form", "begins"),
    [("json", "{"), ("svg", "<svg"), ("html", "<!doctype html>"), ("dot", "digraph")],
)
def test_a_printed_document_is_drawn_again_without_aws(
    form: str, begins: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "flows.json"
    example = graph(link(Peer("client"), Peer("function", "orders")))
    file.write_text(json.dumps(document(example)))
    assert main(["flows", "--from", str(file), "--format", form]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith(begins)
    assert "orders" in printed


@pytest.mark.parametrize(
    ("content", "complaint"),
    [(None, "No such file"), ("no json", "Expecting value"), ("{}", "version"), ("[" * 99999, "")],
)
def test_what_is_no_document_is_refused(
    content: str | None, complaint: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "flows.json"
    if content is not None:
        file.write_text(content)
    assert main(["flows", "--from", str(file)]) == 2
    assert complaint in capsys.readouterr().err
