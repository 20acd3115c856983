"""The messages are those that were read and found good."""

from pathlib import Path
from typing import Final

import pytest

from functions.shared.alerting.notification import Notification
from tests.golden.scenes import CONTEXT, scenes
from tests.golden.written import FOLDER, files

_SCENES: Final = scenes()
_RUNBOOKS: Final = Path(__file__).resolve().parents[4] / "docs" / "runbooks"
_ANEW: Final = "read it as whoever is woken by it; if it is good, run python -m tests.golden"


@pytest.mark.parametrize("name", _SCENES)
def test_a_message_is_as_it_was_approved(name: str) -> None:
    for file, text in files(_SCENES[name], CONTEXT).items():
        path = FOLDER / name / file
        assert path.is_file(), f"{name}/{file} is new: {_ANEW}"
        assert path.read_text(encoding="utf-8") == text, f"{name}/{file} changed: {_ANEW}"


def test_nothing_else_lies_there() -> None:
    expected = {FOLDER / name / file for name, one in _SCENES.items() for file in _files(one)}
    assert {path for path in FOLDER.rglob("*") if path.is_file()} == expected


def _files(notification: Notification) -> set[str]:
    return set(files(notification, CONTEXT))


def test_every_rule_was_written_out() -> None:
    rules = {page.stem for page in _RUNBOOKS.glob("*.md")} - {"README"}
    written = {name for name in _SCENES if "/" not in name}
    assert written == rules, "add a sample of its findings to tests/golden/samples"


def test_every_alert_says_why_it_is_that_severe() -> None:
    for name, notification in _SCENES.items():
        for notice in notification.notices:
            assert notice.alert.finding.severity_reason, name
