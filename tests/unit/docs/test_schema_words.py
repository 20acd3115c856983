"""The closed lists of words in the schemas are those of the code."""

import ast
import inspect
import json
import re
from pathlib import Path
from typing import Any, Final

import pytest

from functions.notifier.digest import compose
from functions.notifier.formats.pager import LEVELS
from functions.shared.alerting.alert import State
from functions.shared.alerting.notification import AlertEvent, Occasion
from functions.shared.core.kind import Kind
from functions.shared.core.rules import RULES, About
from functions.shared.core.severity import Severity

DOCS: Final = Path(__file__).parents[3] / "docs"
SEVERITIES: Final = {one.label for one in Severity}


def schema(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((DOCS / f"{name}.schema.json").read_text(encoding="utf-8"))
    return found


def enums(node: object) -> list[list[str]]:
    """Every closed list of a schema."""
    if isinstance(node, dict):
        own = [node["enum"]] if isinstance(node.get("enum"), list) else []
        return own + [one for value in node.values() for one in enums(value)]
    return [one for value in node for one in enums(value)] if isinstance(node, list) else []


def sections() -> set[str]:
    """The sections of a digest, as the code names them."""
    calls = (node for node in ast.walk(ast.parse(inspect.getsource(compose))))
    return {
        str(call.args[0].value)
        for call in calls
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id == "_section"
        and isinstance(call.args[0], ast.Constant)
    }


WORDS: Final = {
    "alert": [set(State), set(AlertEvent), SEVERITIES, set(Kind), set(About)],
    "event": [set(LEVELS.values()), set(LEVELS.values())],
    "notification": [set(Occasion), SEVERITIES, SEVERITIES],
    "digest": [{"daily", "weekly"}, sections(), SEVERITIES | {""}],
}


@pytest.mark.parametrize("name", WORDS)
def test_a_schema_has_the_words_of_the_code(name: str) -> None:
    found = enums(schema(name))
    assert all(len(one) == len(set(one)) for one in found)
    assert [set(one) for one in found] == WORDS[name]


def test_every_rule_of_the_catalogue_fits_the_schema() -> None:
    pattern = schema("alert")["properties"]["rule"]["pattern"]
    assert [id_ for id_ in RULES if not re.fullmatch(pattern, id_)] == []
