"""The names of calls in the deployed patterns against the models of the services that have them.

A name that no service has matches no event, for ever and in silence. `call_names.json` lists, with
their source, names that botocore's models do not have (yet), and calls that change no function.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import botocore.session
import pytest

from functions.anomaly_detector.flows import access_changes
from functions.shared.events import cloudtrail
from stacks import event_patterns
from tests.stacks.conftest import Synthesized

LISTED: Final = json.loads(Path(__file__).with_name("call_names.json").read_text("utf-8"))
NOT_IN_THE_MODEL: Final[dict[str, Any]] = LISTED["not_in_the_model"]
CHANGES_NO_FUNCTION: Final[list[str]] = LISTED["changes_no_function"]["names"]
READS: Final = ("Get", "List")
DATE: Final = re.compile(r"\d{8}(v\d+)?$")


def _operations(service: str) -> list[str]:
    names = botocore.session.Session().get_service_model(service).operation_names
    return list(names)


def _asked(value: Any) -> Iterator[tuple[str, str]]:
    """Name and kind of comparison (`exact`, `prefix`) of the names that a pattern asks for."""
    for one in value:
        if isinstance(one, str):
            yield DATE.sub("", one), "exact"
        else:
            (kind,) = one
            yield DATE.sub("", one[kind]), kind


def _patterns(stack: Synthesized) -> list[dict[str, Any]]:
    details = (
        rule.get("EventPattern", {}).get("detail", {})
        for rule in stack.of_type("AWS::Events::Rule").values()
    )
    return [detail for detail in details if "eventName" in detail]


def _exists(service: str, name: str, kind: str) -> bool:
    known = [*_operations(service), *NOT_IN_THE_MODEL]
    return name in known if kind == "exact" else any(one.startswith(name) for one in known)


def test_every_call_in_a_pattern_exists(warden: Synthesized) -> None:
    patterns = _patterns(warden)
    assert len(patterns) >= 3
    for detail in patterns:
        (source,) = detail["eventSource"]
        service = source.removesuffix(".amazonaws.com")
        wrong = [
            name for name, kind in _asked(detail["eventName"]) if not _exists(service, name, kind)
        ]
        assert not wrong, f"{source} has no such calls: {wrong}"


@pytest.mark.parametrize("name", [*cloudtrail._KINDS, *access_changes._CALLS])
def test_every_call_that_the_code_reads_exists(name: str) -> None:
    assert _exists("lambda", name, "exact")


@pytest.mark.parametrize(
    "name", [one for one in _operations("lambda") if not one.startswith(READS)]
)
def test_a_call_that_changes_a_function_is_heard(name: str) -> None:
    heard = name.startswith(event_patterns.CHANGING_CALLS)
    assert heard != (name in CHANGES_NO_FUNCTION), "hear it, or list it in call_names.json"


def test_a_listed_name_has_a_source_and_is_still_needed() -> None:
    for name, entry in NOT_IN_THE_MODEL.items():
        assert entry["source"].startswith("https://")
        assert entry["date"]
        assert not _exists("lambda", name, "exact") or name not in _operations("lambda")
    assert set(CHANGES_NO_FUNCTION) <= set(_operations("lambda"))


def test_a_name_that_nobody_has_is_noticed() -> None:
    assert not _exists("lambda", "UpdateFunctionCodes", "prefix")
    assert not _exists("events", "PutTarget", "exact")
