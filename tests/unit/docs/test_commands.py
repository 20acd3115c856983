"""Every command that a page or an alert tells people to paste is one that would be obeyed."""

from pathlib import Path
from typing import Final

import pytest

from tests.unit.docs.command_lines import ROOT, WrongCommandError, check, of_page, of_text

_PAGES: Final = sorted(
    path
    for pattern in ("*.md", "docs/**/*.md", "examples/*.md", "bench/*.md")
    for path in ROOT.glob(pattern)
    if path.name != "CHANGELOG.md" and path.parent.name != "adr"  # they tell what was, or will be
)
_MAILS: Final = sorted((ROOT / "tests" / "golden" / "alerts").rglob("mail.txt"))


def _wrong(lines: set[str]) -> list[str]:
    wrong = []
    for line in sorted(lines):
        try:
            check(line)
        except WrongCommandError as error:
            wrong.append(str(error))
    return wrong


@pytest.mark.parametrize("page", _PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_command_of_a_page_would_be_obeyed(page: Path) -> None:
    assert _wrong(set(of_page(page.read_text("utf-8")))) == []


def test_every_command_of_every_alert_would_be_obeyed() -> None:
    lines = {line for mail in _MAILS for line in of_text(mail.read_text("utf-8"))}
    assert len(lines) > 50
    assert _wrong(lines) == []


def test_commands_are_found_where_people_see_them() -> None:
    page = "See `warden alerts ID`.\n```sh\n$ aws iam \\\n  get-role --role-name X   # who\n```\n"
    assert set(of_page(page)) == {"warden alerts ID", "aws iam get-role --role-name X"}
    text = "Stop it: aws lambda delete-function-concurrency --function-name x; or warden unack y."
    assert list(of_text(text)) == ["aws lambda delete-function-concurrency --function-name x"]


@pytest.mark.parametrize(
    ("line", "because"),
    [
        ("warden alert", "there is no command alert"),
        ("warden guard relase x", "there is no command relase"),
        ("warden alerts --sverity high", "No such option"),
        ("warden silence --for ever", "is no duration"),
        ("warden completion", None),
        ("warden scan match x.json", "Missing option"),
        ("aws lambda get-policy", "requires --function-name"),
        ("aws lambda get-policies --function-name x", "has no operation get-policies"),
        ("aws lambda get-policy --function-name x --versoin 1", "has no option --versoin"),
        ("aws lamda get-policy", "no such service"),
        ("make suup", "no such target"),
        ("aws lambda get-policy --function-name x --region eu-west-1", None),
    ],
)
def test_what_would_be_refused_is_found(line: str, because: str | None) -> None:
    if because is None:
        check(line)
        return
    with pytest.raises(WrongCommandError, match=because):
        check(line)
