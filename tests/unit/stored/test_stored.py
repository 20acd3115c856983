"""What an earlier version stored is read as it was meant, and what this one stores as well.

`stored.json` holds texts as they lie in tables and buckets of deployed stacks. A codec may write
another text from now on, but never stop reading these: add lines, do not change them.
"""

import base64
import json
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest
from pydantic import ValidationError

from functions.anomaly_detector.metrics.own_limits import FunctionLimits
from functions.anomaly_detector.watch import function_list
from functions.scanner import deployers
from functions.shared.advisories.published import decode_pointer, encode_pointer
from functions.shared.flows import state
from functions.shared.muting.store import Mutes
from functions.shared.state.memory_table import MemoryTable
from tests.unit.stored import samples

STORED: Final[dict[str, str]] = json.loads(
    Path(__file__).with_name("stored.json").read_text(encoding="utf-8")
)


def _mute(pk: str, text: str) -> object:
    table = MemoryTable()
    table.put({"pk": pk, "sk": "x", "document": text})
    mutes = Mutes(table)
    return (mutes.waivers() or mutes.silences())[0]


def _written(pk: str, write: Callable[[Mutes], None]) -> str:
    table = MemoryTable()
    write(Mutes(table))
    (item,) = table.query(pk)
    return str(item["document"])


READ: Final[dict[str, Callable[[str], Any]]] = {
    "WAIVER": lambda text: _mute("WAIVERS", text),
    "SILENCE": lambda text: _mute("SILENCES", text),
    "LIMITS": FunctionLimits.from_text,
    "LIMITS_OF_OLD": FunctionLimits.from_text,
    "DEPLOYERS": deployers.from_json,
    "CHANGES": state.changes_from_json,
    "PEERS": state.peers_from_json,
    "CYCLES": state.cycles_from_json,
    "ROSTER": lambda text: function_list.from_bytes(base64.b64decode(text)),
    "POINTER": lambda text: decode_pointer(text.encode()),
}
WRITE: Final[dict[str, Callable[[Any], str]]] = {
    "WAIVER": lambda one: _written("WAIVERS", lambda mutes: mutes.waive(one)),
    "SILENCE": lambda one: _written("SILENCES", lambda mutes: mutes.silence(one)),
    "LIMITS": FunctionLimits.to_text,
    "LIMITS_OF_OLD": FunctionLimits.to_text,
    "DEPLOYERS": deployers.to_json,
    "CHANGES": state.changes_to_json,
    "PEERS": state.peers_to_json,
    "CYCLES": state.cycles_to_json,
    "ROSTER": lambda one: base64.b64encode(function_list.to_bytes(one)).decode(),
    "POINTER": lambda one: encode_pointer(one).decode(),
}


@pytest.mark.parametrize("name", STORED)
def test_what_lies_in_a_deployed_stack_is_read(name: str) -> None:
    assert READ[name](STORED[name]) == getattr(samples, name)


@pytest.mark.parametrize("name", STORED)
def test_what_is_written_is_read_back_without_loss(name: str) -> None:
    sample = getattr(samples, name)
    assert READ[name](WRITE[name](sample)) == sample


@pytest.mark.parametrize("name", sorted(STORED.keys() - {"ROSTER"}))
@pytest.mark.parametrize("damage", ["", "null", "7", "[[]]", '{"version": 1}', "[" * 50_000])
def test_damage_is_told_in_the_way_that_callers_know(name: str, damage: str) -> None:
    if damage == "" and name in {"CHANGES", "PEERS", "CYCLES"}:
        assert READ[name](damage) == ()  # a function that was never looked at
    elif name.startswith("LIMITS"):
        assert READ[name](damage) is None
    else:
        with pytest.raises(ValidationError):
            READ[name](damage)


@pytest.mark.parametrize("damage", [b"", b"null", b"[]", b'{"version": 1}', b"[" * 50_000])
def test_a_damaged_roster_is_listed_anew(damage: bytes) -> None:
    assert function_list.from_bytes(damage) is None
    assert function_list.from_bytes(zlib.compress(damage)) is None
