"""Every regular expression of the product takes time in proportion to the text, whatever it is."""

import re

import pytest

from tests.unit.house.expressions.found import ROOT, expressions
from tests.unit.house.expressions.linear import fault


def test_every_expression_of_the_product_is_linear() -> None:
    slow = {}
    count = 0
    for folder in ("functions", "warden", "stacks"):
        for one in expressions(ROOT / folder):
            count += 1
            assert one.pattern is not None, one.where
            if why := fault(one.pattern, anywhere=one.anywhere, whole=one.whole):
                slow[one.where] = why
    assert not slow
    assert count > 100


@pytest.mark.parametrize(
    ("text", "flags"),
    [
        (r"(a+)+b", 0),
        (r"(?:a|ab|b)*c", 0),
        (r"(?:a*b*)*c", 0),
        (r"a*a*b", 0),
        (r".*x.*y", 0),
        (r".+?-\d[\w.]*(?:-(?:b|beta)[\w.]*)*-z", 0),
        (r"(?:[a-z]{1,40})*x", 0),
        (r"[a-z]{0,200}[a-z]{0,200}x", 0),
        (r"(\w+)\s*\1", 0),
    ],
)
def test_an_expression_that_can_divide_a_text_in_many_ways_is_found(text: str, flags: int) -> None:
    assert fault(re.compile(text, flags), anywhere=False, whole=True)


@pytest.mark.parametrize(
    ("text", "flags"),
    [
        (r"\s+x", 0),
        (r"(?:\.0)+$", 0),
        (r"^\s*x", re.MULTILINE),
        (r"[a-z]+@", 0),
        (r"(?<!x)[a-z]+@", 0),
        (r"(?=.*a)(?=.*b)c", 0),
    ],
)
def test_an_expression_that_a_search_begins_anew_is_found(text: str, flags: int) -> None:
    assert fault(re.compile(text, flags), anywhere=True)
    assert not fault(re.compile(rf"\A(?:{text})", flags), anywhere=False) or "(?=" in text


@pytest.mark.parametrize(
    ("text", "flags"),
    [
        (r'"[^"]*"', 0),
        (r"\w+", 0),
        (r"^[ \t]*(\w+)[ \t]*=[ \t]*'([^'\n]*)'", re.MULTILINE),
        (r"(?<!\s)\s+--x", 0),
        (r"(?<![a-z])[a-z]++@", 0),
        (r"\bfoo\d*x", 0),
        (r"a(?:b|c)d{2,5}", re.IGNORECASE),
    ],
)
def test_a_linear_expression_is_none_of_them(text: str, flags: int) -> None:
    assert not fault(re.compile(text, flags), anywhere=True)
