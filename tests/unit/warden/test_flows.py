"""`warden flows`."""

from datetime import timedelta
from pathlib import Path

import pytest

from functions.shared.flows.edge import Direction, Edge, Via
from functions.shared.flows.peer import Peer
from functions.shared.flows.state import FlowState
from functions.shared.flows.store import FlowStore
from tests.unit.warden.conftest import Desk


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
    ("form", "begins"), [("svg", "<svg"), ("html", "<!doctype"), ("dot", "digraph")]
)
def test_and_pictures(remembered: Desk, form: str, begins: str, tmp_path: Path) -> None:
    file = tmp_path / "flows"
    done = remembered.type("flows", "orders", "--format", form, "--output", str(file))
    assert (done.exit_code, done.stdout) == (0, "")
    assert file.read_text(encoding="utf-8").startswith(begins)


def test_what_is_no_function_is_refused(remembered: Desk) -> None:
    assert "no function name" in remembered.refused("flows", "or ders")
