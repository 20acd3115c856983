"""For each rule: verdicts that pass, that fail, and that cannot tell.

A rule without all three is named by `tests/unit/test_cases.py`. The first failing case of a rule
that has no sample of its own in `tests/golden/samples/` is its golden message, too.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from functions.shared.alerting.finding import Verdict


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A case that needs more than facts, such as a history: the test that plays it.

    Attributes:
        file: Its file below `tests/unit/`.
        test: The name of the test.
    """

    file: str
    test: str


@dataclass(frozen=True, slots=True)
class Never:
    """A case that the rule does not have.

    Attributes:
        why: Why not, one sentence.
    """

    why: str


Verdicts: TypeAlias = Mapping[str, Verdict]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cases:
    """The cases of one rule.

    Attributes:
        passes: Verdicts without a finding, by what is judged; those that nearly fail say most.
        fails: Verdicts with findings, by what is judged; those that nearly pass say most.
        cannot_tell: Uncertain verdicts, by what is missing.
    """

    passes: Verdicts | Elsewhere
    fails: Verdicts | Elsewhere
    cannot_tell: Verdicts | Elsewhere | Never
