"""Waiver files: a wrong entry accepts nothing, hides no right one, and says how to mend it."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.shared.muting.waiver_file import (
    LARGEST,
    WaiverFile,
    is_waiver_file,
    read_waiver_file,
)
from tests.unit.conftest import NOW
from tests.unit.notifier.stored import stored

NAME = "waivers/payments.toml"
RIGHT = """
[[waiver]]
function = "orders-*"
rule = "retired-runtime"
owner = "payments"
reason = "Replaced in April."
expires = 2026-04-30
"""


def read(name: str, content: bytes, now: datetime, platform: str = "payments") -> WaiverFile:
    """Read a file; that of `payments` is the platform team's where nothing else is said."""
    return read_waiver_file(name, content, now, platform=platform)


def entry(**changes: str) -> str:
    """A right entry with some lines set otherwise; an empty one is left out."""
    lines = {
        "rule": '"retired-runtime"',
        "owner": '"payments"',
        "reason": '"Replaced in April."',
        "expires": "2026-04-30",
    }
    return "\n[[waiver]]\n" + "\n".join(
        f"{key} = {value}" for key, value in (lines | changes).items() if value
    )


def faults(text: str) -> list[str]:
    file = read(NAME, text.encode(), NOW)
    return [str(fault) for fault in file.faults]


def test_an_entry_becomes_a_waiver_through_its_last_day() -> None:
    file = read(NAME, RIGHT.encode(), NOW)
    [waiver] = file.waivers
    assert file.faults == ()
    assert waiver.source == NAME
    assert str(waiver.matcher) == "function=orders-* rule=retired-runtime"
    assert f"{waiver.expires:%Y-%m-%d}" == "2026-04-30", "what people typed is what they read"
    assert waiver.is_active(datetime(2026, 4, 30, 23, 59, tzinfo=UTC))
    assert not waiver.is_active(datetime(2026, 5, 1, tzinfo=UTC))


def test_the_same_lines_have_the_same_identity_wherever_they_stand() -> None:
    [first] = read(NAME, RIGHT.encode(), NOW).waivers
    moved = read(NAME, (entry(rule='"no-owner"') + RIGHT).encode(), NOW).waivers
    elsewhere = read("waivers/web.toml", RIGHT.encode(), NOW, platform="web").waivers
    assert first.id in {waiver.id for waiver in moved}
    assert first.id != elsewhere[0].id


@pytest.mark.parametrize(
    ("package", "subject", "matches"),
    [
        ("jinja2", "PyPI/jinja2/2.10", True),
        ("jinja2", "PyPI/jinja2-time/0.2", False),
        ("PyPI/jinja2/2.*", "PyPI/jinja2/2.10", True),
        ("PyPI/jinja2/2.11", "PyPI/jinja2/2.10", False),
        ("npm/@scope/name/1.0.0", "npm/@scope/name/1.0.0", True),
    ],
)
def test_a_package_is_named_whole_or_by_its_name(package: str, subject: str, matches: bool) -> None:
    file = read(NAME, entry(package=f'"{package}"', rule="").encode(), NOW)
    [waiver] = file.waivers
    alert = stored(rule="vulnerable-package", subject=subject).alert
    assert waiver.matcher.matches(alert) is matches


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"owner": ""}, "waiver 1, owner: empty; write who answers for it"),
        ({"reason": '"  "'}, "waiver 1, reason: empty; write why it is acceptable"),
        ({"reason": f'"{"x" * 400}"'}, "waiver 1, reason: longer than 300 characters"),
        ({"expires": ""}, "waiver 1, expires: missing; write the last day, such as 2026-12-31"),
        ({"expires": '"soon"'}, "waiver 1, expires: 'soon' is no day; write one as 2026-12-31"),
        ({"expires": "2027-12-31"}, "2027-12-31 is more than a year ahead; write 2027-03-11"),
        ({"expires": "2026-05-01T10:00:00Z"}, "expires: '2026-05-01 10:00:00+00:00' is no day"),
        ({"rule": ""}, "waiver 1, function: this would accept nearly everything"),
        ({"rule": '"*"'}, "waiver 1, function: this would accept nearly everything"),
        ({"rule": '"?*-?*"'}, "waiver 1, function: this would accept nearly everything"),
        ({"rule": '"[a-z]*"'}, "waiver 1, rule: has a [; write [[] for the character itself"),
        ({"rule": "7"}, "waiver 1, rule: is int; write a text in quotes"),
        ({"rule": '"a\\u200bb"'}, "waiver 1, rule: has characters that cannot be seen"),
        ({"subject": '"a"', "package": '"b"'}, "waiver 1, subject: stands beside package"),
        ({"severity": '"low"'}, "waiver 1, severity: unknown; the fields are function, rule,"),
    ],
)
def test_a_wrong_entry_names_the_place_and_the_fix_and_hides_no_right_one(
    changes: dict[str, str], fault: str
) -> None:
    file = read(NAME, (entry(**changes) + RIGHT).encode(), NOW)
    [only] = [str(one) for one in file.faults]
    assert only.startswith(f"{NAME}, ")
    assert fault in only
    assert [str(waiver.matcher) for waiver in file.waivers] == [
        "function=orders-* rule=retired-runtime"
    ]


def test_the_same_acceptance_twice_is_said() -> None:
    assert faults(RIGHT + RIGHT) == [f"{NAME}, waiver 2: accepts the same as waiver 1; remove one"]


def test_what_ended_is_no_fault() -> None:
    file = read(NAME, entry(expires="2025-12-31").encode(), NOW)
    assert file.faults == ()
    assert not file.waivers[0].is_active(NOW)


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"[[waiver]\n", "not TOML"),
        (b"\xff\xfe", "not UTF-8"),
        (b"waivers = 1", "'waivers' is unknown; write [[waiver]] only"),
        (b"waiver = 1", "waiver is no list; write [[waiver]] above each"),
        (b"[waiver]\nrule = 'x'", "waiver is no list; write [[waiver]] above each"),
        (b"waiver = [1]", "waiver is no list"),
        (b"#" * (LARGEST + 1), "larger than 256 KiB; split it"),
        (b"[[waiver]]\n" * 1001, "more than 1000 waivers"),
        (b"waiver = " + b"[" * 5000, "not TOML"),
    ],
)
def test_a_file_that_cannot_be_read_says_nothing_about_its_entries(
    content: bytes, fault: str
) -> None:
    file = read(NAME, content, NOW)
    assert not file.readable
    assert file.waivers == ()
    [only] = file.faults
    assert fault in str(only)


def test_an_empty_file_accepts_nothing_and_is_right() -> None:
    file = read(NAME, b"", NOW)
    assert (file.readable, file.waivers, file.faults) == (True, (), ())


@given(st.binary(max_size=300))
def test_whatever_is_uploaded_is_read_or_refused(content: bytes) -> None:
    file = read(NAME, content, NOW)
    assert file.readable or file.faults


@pytest.mark.parametrize(
    ("key", "fits"),
    [
        (NAME, True),
        ("waivers/team/a.toml", True),
        ("waivers/.toml", False),
        ("waivers//a.toml", False),
        ("waivers/ /a.toml", False),
        ("waivers/a.yaml", False),
        ("waivers/a\u202e.toml", False),
        (f"waivers/{'a' * 300}.toml", False),
        ("lockfiles/a.toml", False),
    ],
)
def test_files_are_recognised_by_their_name(key: str, fits: bool) -> None:
    assert is_waiver_file(key) is fits


def test_the_examples_are_right() -> None:
    examples = Path(__file__).resolve().parents[3] / "examples" / "waivers"
    at = datetime(2026, 11, 25, tzinfo=UTC)
    for name, waivers in (("payments", 2), ("platform-team", 2)):
        content = (examples / f"{name}.toml").read_bytes()
        file = read(f"waivers/{name}.toml", content, at, platform="platform-team")
        assert (len(file.waivers), file.faults) == (waivers, ())


WIDE = [
    {},
    {"package": '"left-pad"'},
    {"function": '"*"'},
    {"function": '"orders-*"'},
    {"function": '"order?"'},
    {"function": '"[[]orders*"'},
]


@pytest.mark.parametrize("changes", WIDE)
def test_only_the_platform_teams_file_accepts_for_functions_it_does_not_name(
    changes: dict[str, str],
) -> None:
    text = entry(**changes).encode()
    for name in ("waivers/web.toml", "waivers/web/shop.toml", "waivers/platform-team.toml.toml"):
        file = read(name, text, NOW, platform="platform-team")
        assert file.waivers == ()
        assert "the platform team write it into waivers/platform-team.toml" in str(file.faults[0])
    for name in ("waivers/platform-team.toml", "waivers/platform-team/old.toml"):
        assert len(read(name, text, NOW, platform="platform-team").waivers) == 1


@pytest.mark.parametrize(
    ("name", "owner", "accepts"),
    [
        ("waivers/payments.toml", "payments", True),
        ("waivers/payments/shop.toml", "payments", True),
        ("waivers/web.toml", "payments", False),
        ("waivers/*.toml", "payments", False),
        ("waivers/pay*.toml", "payments", False),
        ("waivers/[a-z]ayments.toml", "payments", False),
        ("waivers/?ayments/a.toml", "payments", False),
        ("waivers/payments.toml", "", False),
        ("waivers/web/payments.toml", "payments", False),
    ],
)
def test_a_file_speaks_for_the_functions_of_its_team_only(
    name: str, owner: str, *, accepts: bool
) -> None:
    """The team is the first part of the name, word for word, and nobody's file is everybody's."""
    text = entry(function='"orders"', rule='"no-owner"').encode()
    [waiver] = read(name, text, NOW, platform="platform-team").waivers
    about = stored(rule="no-owner", function="orders", owner=owner).alert
    assert waiver.matcher.matches(about) is accepts
