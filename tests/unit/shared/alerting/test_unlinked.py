"""What a mail program would make a link of, and what only looks like it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.provisional import domains

from functions.shared.alerting.formats.unlinked import unlinked


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("see https://evil.example/a", "see https[://]evil.example/a"),
        ("see www.evil.example", "see www[.]evil.example"),
        ("pay at evil.com/now", "pay at evil[.]com/now"),
        ("EVIL.Com.", "EVIL[.]Com."),
        ("a.b.evil.co.uk:8080", "a.b.evil[.]co[.]uk:8080"),
        ("bit.ly/x, t.me/a", "bit[.]ly/x, t[.]me/a"),
        ("aws.amazon.com.evil.tech", "aws[.]amazon[.]com.evil[.]tech"),
        ("shown in README.md", "shown in README[.]md"),
        ("npm install socket.io@4.8.1", "npm install socket[.]io@4.8.1"),
        ("evil\u3002com", "evil[\u3002]com"),
        (
            "\u043f\u0440\u0438\u043c\u0435\u0440.\u0440\u0444",
            "\u043f\u0440\u0438\u043c\u0435\u0440[.]\u0440\u0444",
        ),
        ("my_evil.com_", "my_evil[.]com_"),
        ("a@evil.com/x", "a@evil[.]com/x"),
        ("s3.amazonaws.com/evil/x", "s3.amazonaws[.]com/evil/x"),
        ("1.2.3.4/x", "1.2.3[.]4/x"),
        ("mailto:a@b.com tel:+123", "mailto[:]a@b.com tel[:]+123"),
        ("\\\\evil\\share", "[\\\\]evil\\share"),
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
        "main.go, index.js, package.json",
        "2.0.0.dev1, 1.2.3.4",
        "arn:aws:lambda:eu-west-1:123456789012:function:tel",
        "s3://bucket/evidence/1.json",
    ],
)
def test_addresses_names_and_commands_stay_as_they_are(text: str) -> None:
    assert unlinked(text) == text


@given(
    domains(), st.sampled_from(["{}", "({})", "https://{}", "a.{}", "{}.", "{}/a", "x@{}/", "{}:1"])
)
def test_no_domain_of_the_internet_is_left_whole(domain: str, form: str) -> None:
    assert domain not in unlinked(form.format(domain))


@given(st.text(alphabet="a.-:/@w[]com ", max_size=60))
def test_once_is_enough(text: str) -> None:
    assert unlinked(unlinked(text)) == unlinked(text)
