"""The messages are those that were read and found good."""

import re
from typing import Final

import pytest

from functions.shared.alerting.notification import Notification
from functions.shared.core.rules import RULES, About, Kind
from tests.golden.scenes import CONTEXT, scenes
from tests.golden.written import FOLDER, files

_SCENES: Final = scenes()
_ANEW: Final = "read it as whoever is woken by it; if it is good, run python -m tests.golden"


def _is_about_the_account(name: str) -> bool:
    return RULES.get(name.partition("/")[0], RULES["tag-policy"]).about is About.ACCOUNT


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
    written = {name for name in _SCENES if "/" not in name}
    assert written == set(RULES), "add a sample of its findings to tests/golden/samples"


@pytest.mark.parametrize("name", _SCENES)
def test_each_finding_is_what_the_catalogue_says_of_its_rule(name: str) -> None:
    for notice in _SCENES[name].notices:
        finding = notice.alert.finding
        row = RULES[finding.rule]
        assert finding.kind in {row.kind, Kind.COVERAGE}
        assert row.severity in {None, finding.severity}
        if row.filed_under:
            assert finding.function.name == f"lambda-warden-{row.filed_under.value}"


@pytest.mark.parametrize("name", [name for name in _SCENES if _is_about_the_account(name)])
def test_what_is_about_the_account_leads_to_no_function_of_warden(name: str) -> None:
    (notice,) = _SCENES[name].notices
    for file, text in files(_SCENES[name], CONTEXT).items():
        assert "lambda-warden-" not in text.replace("lambda-warden-alert", ""), file
        if file in {"mail.txt", "subject.txt", "sms.txt"}:
            assert f"{notice.alert.finding.function.account} in eu-west-1" in text, file


def test_every_alert_says_why_it_is_that_severe() -> None:
    for name, notification in _SCENES.items():
        for notice in notification.notices:
            assert notice.alert.finding.severity_reason, name


# Words of the workshop, and words that a reader may know in another sense only.
_NOT_IN_ALERTS: Final = re.compile(
    r"\b(told|tells?|telling|news|ways? out|mend(s|ed)?|heed(s|ed)?|braked|handed out|doors?|"
    r"roster|shelf|chronicle)\b",
    re.IGNORECASE,
)


@pytest.mark.parametrize("name", [name for name in _SCENES if "hostile" not in name])
def test_an_alert_is_worded_in_plain_english(name: str) -> None:
    for file, text in files(_SCENES[name], CONTEXT).items():
        if file.endswith(".txt"):
            said = re.sub(r"https?://\S+", "", text)
            assert not _NOT_IN_ALERTS.findall(said), file
