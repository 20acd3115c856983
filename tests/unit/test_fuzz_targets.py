"""Each parser of bytes from outside on some damaged inputs, the same each time; see tests/fuzz."""

import pytest

from tests.fuzz.run import failures
from tests.fuzz.targets import TARGETS, Target


@pytest.mark.parametrize("name", TARGETS)
def test_no_input_breaks_a_parser(name: str) -> None:
    assert list(failures(TARGETS[name], count=60)) == []


def test_a_parser_that_breaks_is_found_with_its_input() -> None:
    def run(data: bytes) -> None:
        if len(data) != 5:
            raise LookupError("no five bytes")

    (fault, *_) = failures(Target([b"seeds"], run), count=20)
    assert fault.startswith("LookupError: no five bytes: b'")
