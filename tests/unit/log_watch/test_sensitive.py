"""What should not stand in a log is found, and what only looks like it is not."""

import re
import time
from importlib import import_module
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.logs.labelled import Line, lines
from functions.log_watch.sensitive import national_ids
from functions.log_watch.sensitive.kinds import Kind
from functions.log_watch.sensitive.scan import LONG, SensitiveSearch
from functions.shared.config.logs import KNOWN_COUNTRIES
from functions.shared.core.credential_forms import FORMS
from functions.shared.core.redaction import redacted
from tests.unit.log_watch.lines import INNOCENT, SENSITIVE
from tests.unit.shared.alerting.anything import hostile

SEARCH: Final = SensitiveSearch(KNOWN_COUNTRIES)
SEED: Final = 20_261_201
"""Not one of those that the searches were made with."""


@pytest.mark.parametrize("line", SENSITIVE)
def test_it_is_found_and_taken_out(line: str) -> None:
    found = SEARCH.all_in(line)
    assert found
    shown = SEARCH.without(line)
    for hit in found:
        if hit.kind is not Kind.ENVIRONMENT:
            assert line[hit.start : hit.end] not in shown


@pytest.mark.parametrize("line", INNOCENT)
def test_what_only_looks_like_it_is_not(line: str) -> None:
    assert SEARCH.all_in(line) == []


def test_recall_and_precision_on_a_labelled_set() -> None:
    made = lines(SEED, each=8)
    found = {line for line in made if SEARCH.all_in(line.text)}
    wanted = {line for line in made if line.kind}
    assert len(found & wanted) >= 0.95 * len(wanted), _first(wanted - found)
    assert len(found & wanted) >= 0.97 * len(found), _first(found - wanted)


def test_redaction_takes_the_credentials_of_the_same_set_out() -> None:
    credentials = [line for line in lines(SEED, each=8) if line.kind == "credential"]
    left = {line for line in credentials if line.value in redacted(line.text)}
    assert len(left) <= 0.05 * len(credentials), _first(left)


def test_every_form_of_a_credential_is_one_that_the_engine_calls_for() -> None:
    """The engine decides which lines are read exactly: a form that it misses is never found."""
    for kind, form in FORMS:
        for example in _examples(form):
            assert SEARCH.all_in(f"value {example} end"), (kind, example)


def test_the_countries_of_the_settings_are_those_of_the_searches() -> None:
    assert national_ids.COUNTRIES == KNOWN_COUNTRIES


def test_only_the_kinds_that_are_wanted_are_searched_for() -> None:
    line = "card 4111 1111 1111 1111 of ada@example.com"
    assert {hit.kind for hit in SEARCH.all_in(line)} == {Kind.CARD, Kind.EMAIL}
    only = SensitiveSearch((), (Kind.EMAIL,))
    assert {hit.kind for hit in only.all_in(line)} == {Kind.EMAIL}


@pytest.mark.parametrize("place", [0, LONG - 8, LONG, 5 * LONG + 1000, 1_000_000])
def test_a_card_number_is_found_wherever_it_stands_in_a_very_long_line(place: int) -> None:
    line = "x" * place + " 4111 1111 1111 1111 " + "y " * 1000
    (hit,) = SEARCH.all_in(line)
    assert line[hit.start : hit.end] == "4111 1111 1111 1111"


def test_what_is_not_read_of_a_hostile_line_is_said() -> None:
    found, unread = SEARCH.look("password=x1y2z3 " * 16_000)
    assert found
    assert unread > 0


@pytest.mark.parametrize(
    "unit",
    ["password=", "secret_", "4111 1111 ", "a@b.", "ssn 1", "password for ", "@"],
)  # fmt: skip
def test_a_long_hostile_line_takes_time_in_proportion(unit: str) -> None:
    def seconds(length: int) -> float:
        text = (unit * (length // len(unit) + 1))[:length]
        started = time.process_time()
        SEARCH.all_in(text)
        return time.process_time() - started

    seconds(160_000)
    small = min(seconds(20_000) for _ in range(2))
    assert seconds(160_000) <= 40 * small + 0.1, "eight times the text"


@settings(max_examples=30)
@given(st.text(max_size=200) | hostile)
def test_any_text_is_searched_and_its_places_lie_within(text: str) -> None:
    for hit in SEARCH.all_in(text):
        assert 0 <= hit.start < hit.end <= len(text)


def _first(those: set[Line]) -> list[str]:
    return sorted(f"{one.about}: {one.text}" for one in those)[:5]


def _examples(form: str) -> list[str]:
    """A text for each alternative of a form."""
    parsed = import_module("re._parser").parse(re.sub(r"\(\?!.*?\)", "", form))
    return [_written(parsed, 0), _written(parsed, 1), _written(parsed, 2), _written(parsed, 99)]


def _written(parsed: Any, choice: int) -> str:
    """A text of the shortest length, with one of the alternatives wherever there are some."""
    text = ""
    for operation, argument in parsed:
        name = str(operation)
        if name == "LITERAL":
            text += chr(argument)
        elif name == "IN":
            kind, first = argument[0]
            text += chr(first[0] if str(kind) == "RANGE" else first)
        elif name == "BRANCH":
            branches = argument[1]
            text += _written(branches[min(choice, len(branches) - 1)], choice)
        elif name == "SUBPATTERN":
            text += _written(argument[3], choice)
        elif name == "MAX_REPEAT":
            low, _, inner = argument
            text += _written(inner, choice) * max(low, 1)
        else:
            raise AssertionError(name)
    return text
