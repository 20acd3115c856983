"""The page that lists every text of every alert, for whoever reviews the wording."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from functions.shared.alerting.finding import Finding
from functions.shared.core.rules import RULES
from tests.golden.scenes import scenes

PAGE: Final = Path(__file__).resolve().parents[2] / "docs" / "alert-texts.md"
_HEAD: Final = """\
# The texts of the alerts

Made by `python -m tests.golden` from the sample messages in `tests/golden/alerts`: do not edit.
How they are written: [alert-style.md](alert-style.md). What each rule is: [rules.md](rules.md).

| rule | severity | title | reason | remedy |
| --- | --- | --- | --- | --- |
"""


def findings() -> dict[str, Finding]:
    """The sample of each rule, by its id."""
    return {rule: scenes()[rule].notices[0].alert.finding for rule in RULES}


def page() -> str:
    """The page as it should be."""
    return _HEAD + "\n".join(_rows()) + "\n"


def _rows() -> Iterator[str]:
    for rule, finding in sorted(findings().items()):
        severity = f"{finding.severity.label}: {finding.severity_reason}"
        cells = (f"`{rule}`", severity, finding.title, finding.reason, finding.remedy)
        yield "| " + " | ".join(map(_cell, cells)) + " |"


def _cell(text: str) -> str:
    """A text as a cell of a table, in which nothing becomes a link or markup."""
    marked = {"|": "\\|", "<": "&lt;", "*": "\\*", "\n": " "}
    return "".join(marked.get(one, one) for one in text)
