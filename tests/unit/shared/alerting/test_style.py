"""The rules of docs/alert-style.md that can be checked, on the sample of every rule."""

import re
from typing import Final

import pytest

from functions.shared.alerting.finding import Finding
from functions.shared.alerting.notification import AlertEvent, Notification
from tests.golden.scenes import CONTEXT, scenes
from tests.golden.texts_page import PAGE, findings, page
from tests.golden.written import files

_FINDINGS: Final = findings()
_TITLE: Final = 80
_WHY_WORDS: Final = 24
_SENTENCE_WORDS: Final = 40
# Quoted text, commands and names come from elsewhere.
_FOREIGN: Final = re.compile(r"`[^`]*`|'[^']*'|\"[^\"]*\"|\baws lambda [^.;]*|https?://\S+")
_UNCLEAR: Final = re.compile(
    r"\b(told|news|of late|mended|in between|heed(s|ed)?|braked|of the kind|somebody lets|"
    r"such(?! as| events| functions))\b",
    re.IGNORECASE,
)
_VERB_OR_NOTHING: Final = re.compile(r"^[A-Z][a-z]+\b")


def _sentences(text: str) -> list[str]:
    return re.split(r"(?<=[.!?:;])\s+", _FOREIGN.sub("X", text))


@pytest.fixture(params=sorted(_FINDINGS))
def finding(request: pytest.FixtureRequest) -> Finding:
    return _FINDINGS[request.param]


def test_a_title_fits_a_locked_phone(finding: Finding) -> None:
    assert len(finding.title) <= _TITLE
    assert not finding.title.endswith(".")


def test_why_it_is_so_severe_is_one_short_sentence(finding: Finding) -> None:
    assert len(finding.severity_reason.split()) <= _WHY_WORDS
    assert finding.severity_reason.endswith(".")


def test_sentences_are_short(finding: Finding) -> None:
    for text in (finding.reason, finding.remedy):
        for sentence in _sentences(text):
            assert len(sentence.split()) <= _SENTENCE_WORDS, sentence


def test_words_are_plain(finding: Finding) -> None:
    for text in (finding.title, finding.severity_reason, finding.reason, finding.remedy):
        assert not _UNCLEAR.search(_FOREIGN.sub("", text)), text


def test_a_remedy_says_what_to_do(finding: Finding) -> None:
    assert _VERB_OR_NOTHING.match(finding.remedy)


def test_a_percentage_is_written_without_a_space(finding: Finding) -> None:
    for text in (finding.title, finding.reason):
        assert not re.search(r"\d (%|percent)", text)


_ENDED: Final = [
    name
    for name, one in scenes().items()
    if {notice.event for notice in one.notices} == {AlertEvent.RESOLVED}
]


@pytest.mark.parametrize("name", _ENDED)
def test_what_has_ended_is_not_told_as_if_it_were_so(name: str) -> None:
    notification: Notification = scenes()[name]
    mail = files(notification, CONTEXT)["mail.txt"]
    assert "ended" in mail
    assert "What to do" not in mail
    for notice in notification.notices:
        assert notice.alert.finding.severity_reason not in mail


def test_the_page_of_all_texts_is_as_they_are() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run python -m tests.golden"
