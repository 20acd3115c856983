"""The policy that the page gives to CI allows the files that Warden reads, and no others."""

import json
import re
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from functions.scanner.repository import FOLDER as LOCKFILES
from functions.shared.muting.borders import Border, team_of
from functions.shared.muting.waiver_file import FOLDER as WAIVERS
from functions.shared.muting.waiver_file import is_waiver_file

_PAGE = Path(__file__).resolve().parents[3] / "docs" / "waivers.md"


def policy_of_the_page(bucket: str) -> dict[str, Any]:
    """The policy of docs/waivers.md for a bucket."""
    (text,) = re.findall(r"```json\n(.+?)```", _PAGE.read_text("utf-8"), flags=re.S)
    policy: dict[str, Any] = json.loads(text.replace("BUCKET", bucket))
    return policy


def allowed(key: str) -> bool:
    (statement,) = policy_of_the_page("b")["Statement"]
    return any(fnmatchcase(f"arn:aws:s3:::b/{key}", one) for one in statement["Resource"])


def test_it_allows_to_put_and_nothing_else() -> None:
    (statement,) = policy_of_the_page("b")["Statement"]
    assert statement["Action"] == "s3:PutObject"
    folders = {
        one.removeprefix("arn:aws:s3:::b/").partition("/")[0] for one in statement["Resource"]
    }
    assert {f"{one}/" for one in folders} == {WAIVERS, LOCKFILES}


def test_every_waiver_file_that_it_allows_is_of_the_one_team() -> None:
    names = ("payments", "payments/a", "payments/../platform-team", "paymentsx", "web", "*", "")
    for name in (*names, "platform-team", "payments/platform-team", "payments.toml"):
        key = f"{WAIVERS}{name}.toml"
        if allowed(key) and is_waiver_file(key):
            assert team_of(key) == "payments"
            assert not Border.of_file(key, "platform-team").is_whole
    assert allowed(f"{WAIVERS}payments.toml")
    assert not allowed(f"{WAIVERS}platform-team.toml")
    assert not allowed(f"{LOCKFILES}shop/web/uv.lock")
