"""TOML is read as Python reads it, or refused before that takes too much."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.shared.core import bounded_toml


@pytest.mark.parametrize(
    "text",
    [
        "a" + ".a" * 12_000 + " = 1",
        "[" + "a . " * 100 + "a]",
        '"a"' + '."a"' * 100 + " = 1",
        "x = {" + "'a'.b.\"c\"." * 20 + "d = 1}",
        "'''" + "# " + ".a" * 40 + "'''",
        "a = " + "[" * 200_000,
        "a = " + "{a = " * 200,
        "a = 1" + "0" * 5000,
        "a = '''" + "''" * 1000,
        'a = """\\',
    ],
)
def test_what_would_take_too_much_is_refused(text: str) -> None:
    with pytest.raises(tomllib.TOMLDecodeError):
        bounded_toml.loads(text)


@pytest.mark.parametrize(
    "text",
    [
        "a.b.c = 1 # " + ".a" * 100,
        "version = '" + "1.2" * 100 + "'",
        'text = """' + "[" * 100 + '\\""" ."" """ # \'\'\'',
        "text = '''" + "{" * 100 + "''''",
        "list = [" + "1.5, " * 1000 + "[[2.5]], {a = 1.5}]",
        'path = "C:\\\\" # "\n[a.b]\nc = "' + "." * 100 + '"',
        "\n".join(f"a.b{number} = {{x.y = 1}}" for number in range(100)),
    ],
)
def test_what_is_honest_is_read_as_it_is(text: str) -> None:
    assert bounded_toml.loads(text) == tomllib.loads(text)


@given(st.text(alphabet="ab.=[]{}\"'#\\\n ,1", max_size=60))
def test_short_texts_are_read_as_python_reads_them(text: str) -> None:
    try:
        expected = tomllib.loads(text)
    except (ValueError, RecursionError):
        with pytest.raises(tomllib.TOMLDecodeError):
            bounded_toml.loads(text)
    else:
        assert bounded_toml.loads(text) == expected
