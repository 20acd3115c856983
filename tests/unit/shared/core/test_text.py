"""Text from outside: bounded, on one line, and nothing in it but what can be seen."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.shared.core.text import ascii_line, listed, plain

anything = st.text(st.characters(codec=None, categories=None), max_size=400) | st.text(
    alphabet=[
        "a",
        " ",
        "\n",
        "\t",
        "\x00",
        "\u202e",
        "\u200b",
        "\u0301",
        "\ufb1d",
        "\u00b4",
        "…",
        "ﷺ",
    ],
    max_size=400,
)
limits = st.integers(4, 300)


@given(anything, limits)
def test_plain_text_is_bounded_visible_and_stays_as_it_is(text: str, limit: int) -> None:
    shown = plain(text, limit)
    assert len(shown) <= limit
    assert not {unicodedata.category(c) for c in shown} & {"Cc", "Cf", "Cs", "Co", "Cn"}
    assert shown.splitlines() in ([], [shown])
    assert plain(shown, limit) == shown


@given(anything, limits)
def test_a_subject_is_printable_ascii_and_stays_as_it_is(text: str, limit: int) -> None:
    shown = ascii_line(text, limit)
    assert len(shown) <= limit
    assert all(" " <= character <= "~" for character in shown)
    assert ascii_line(shown, limit) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("orders\r\nBcc: all@example.org", "orders Bcc: all@example.org"),
        ("safe\u202egpj.exe", "safe gpj.exe"),
        ("\x1b[31mred", "[31mred"),
        (None, "None"),
        ("0123456789", "0123456…"),
        ("a" + " " * 100, "a…"),
    ],
)
def test_what_was_cut_is_marked(text: object, shown: str) -> None:
    assert plain(text, 8 if shown.endswith("…") else 200) == shown


def test_accents_survive_as_letters_in_ascii() -> None:
    assert ascii_line("[HIGH] café: Größe… 日", 100) == "[HIGH] cafe: Gro?e... ?"


def test_long_lists_say_how_much_is_left_out() -> None:
    assert listed(list("abc"), 3) == "a, b, c"
    assert listed(list("abcd"), 3) == "a, b, c and 1 more"
