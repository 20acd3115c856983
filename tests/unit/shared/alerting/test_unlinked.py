"""What a mail program would make a link of, and what only looks like it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.shared.alerting.formats.unlinked import unlinked


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("see https://evil.example/a", "see https[://]evil.example/a"),
        ("see www.evil.example", "see www[.]evil.example"),
        ("pay at evil.com/now", "pay at evil[.]com/now"),
        ("EVIL.Com.", "EVIL[.]Com."),
        ("a.b.evil.co.uk:8080", "a.b.evil.co[.]uk:8080"),
        ("https://evil.com", "https[://]evil[.]com"),
    ],
)
def test_nothing_is_left_to_click_on(text: str, shown: str) -> None:
    assert unlinked(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "team@shop.com",
        "lambda.amazonaws.com",
        "detector.signals",
        "com.fasterxml.jackson.core",
        "main.go, app.py, README.md",
        "npm install socket.io@4.8.1",
        "s3://bucket/evidence/1.json",
    ],
)
def test_addresses_names_and_commands_stay_as_they_are(text: str) -> None:
    assert unlinked(text) == text


@given(st.text(alphabet="a.-:/@w[]com ", max_size=60))
def test_once_is_enough(text: str) -> None:
    assert unlinked(unlinked(text)) == unlinked(text)
