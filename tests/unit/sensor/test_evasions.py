"""Each way to run a program: is it seen, is it stopped? docs/sensor.md has the tables."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

from tests.unit.sensor import evasions
from tests.unit.sensor.conftest import HERE, Start
from tests.unit.sensor.payload import Outcome, outcomes

PYTHON = Path(evasions.__file__)
PYTHON_WAYS = [way.__name__ for way in evasions.ALL]
NODE = HERE / "evasions.js"
NODE_WAYS = json.loads(
    subprocess.run(
        ["node", "-p", f"JSON.stringify(require({json.dumps(str(NODE))}).ways)"],
        capture_output=True,
        check=True,
    ).stdout
)


# What is neither seen nor stopped, and why, stands in docs/sensor.md.
PYTHON_ODD = {"syscall_of_libc": Outcome.HINTED, "machine_code": Outcome.COUNTED}


def test_python_seen(python_function: Start, tmp_path: Path) -> None:
    with python_function(PYTHON) as function:
        found = outcomes(function, PYTHON_WAYS, tmp_path)
    assert found == {**dict.fromkeys(PYTHON_WAYS, Outcome.SEEN), **PYTHON_ODD}


def test_python_stopped(python_function: Start, tmp_path: Path) -> None:
    with python_function(PYTHON, "program=block") as function:
        found = outcomes(function, PYTHON_WAYS, tmp_path)
    ran = {way for way, one in found.items() if one is not Outcome.STOPPED}
    assert ran == set(PYTHON_ODD)


def test_python_stopped_with_foreign_code(python_function: Start, tmp_path: Path) -> None:
    with python_function(PYTHON, "program=block;code=block") as function:
        found = outcomes(function, PYTHON_WAYS, tmp_path)
    assert found == dict.fromkeys(PYTHON_WAYS, Outcome.STOPPED)


def test_node_seen(node_function: Start, tmp_path: Path, compiled: Callable[..., Path]) -> None:
    addon = compiled("addon.c", "-shared", "-fPIC")
    with node_function(NODE, ADDON=str(addon)) as function:
        found = outcomes(function, NODE_WAYS, tmp_path)
    assert found == dict.fromkeys(NODE_WAYS, Outcome.SEEN)


def test_node_stopped(node_function: Start, tmp_path: Path, compiled: Callable[..., Path]) -> None:
    addon = compiled("addon.c", "-shared", "-fPIC")
    with node_function(NODE, "program=block", ADDON=str(addon)) as function:
        found = outcomes(function, NODE_WAYS, tmp_path)
    assert found == dict.fromkeys(NODE_WAYS, Outcome.STOPPED)
