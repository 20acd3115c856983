"""Credentials do not leave; what only looks odd does."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.shared.core.redaction import REDACTED, redacted
from tests.unit.shared.alerting.anything import hostile
from tests.unit.shared.findings import finding

# Put together at run time, so that nobody's secret scanner stumbles over this file.
_AWS = "AKIA" + "IOSFODNN7EXAMPLE"[:16].replace("8", "A")
_GITHUB = "ghp_" + "a1B2c3D4e5" * 4
_JWT = "eyJhbGciOiJIUzI1NiJ9" + "." + "eyJzdWIiOiIxMjM0In0" + "." + "c2lnbmF0dXJl"
_PEM = "-----BEGIN RSA PRIVATE KEY-----"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"key {_AWS} was used", f"key {REDACTED} was used"),
        (f"clone with {_GITHUB}.", f"clone with {REDACTED}."),
        (f"cookie={_JWT}", f"cookie={REDACTED}"),
        ("password=hunter2hunter2", f"password={REDACTED}"),
        ("DB_PASSWORD = 'correct horse'", f"DB_PASSWORD = '{REDACTED}'"),
        ('{"client_secret": "abcdef"}', f'{{"client_secret": "{REDACTED}"}}'),
        ("api-key: 12345678abc failed", f"api-key: {REDACTED} failed"),
        ("Authorization: Basic dXNlcjpwYXNz", f"Authorization: Basic {REDACTED}"),
        ("sent Bearer abc123def456ghi789", f"sent Bearer {REDACTED}"),
        ("postgres://app:s3cr3t@db.internal/x", f"postgres://app:{REDACTED}@db.internal/x"),
        ("https://u:p@example.org", f"https://u:{REDACTED}@example.org"),
        (f"a {_PEM} MIIEow== -----END RSA PRIVATE KEY----- b", f"a {REDACTED} b"),
        (f"cut {_PEM}\nProc-Type: 4,ENCRYPTED\nMIIE", f"cut {REDACTED}"),
        ("x?X-Amz-Signature=0123abcd&b=1", f"x?X-Amz-Signature={REDACTED}&b=1"),
    ],
)
def test_a_credential_is_taken_out(text: str, shown: str) -> None:
    assert redacted(text) == shown
    assert redacted(shown) == shown


@pytest.mark.parametrize(
    "text",
    [
        "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "CodeSha256 n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg=",
        "da39a3ee5e6b4b0d3255bfef95601890afd80709",
        "pkg:npm/%40scope/token-types@4.2.0",
        "pkg:pypi/secret-storage@3.3.3?arch=x86_64",
        "arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/db-AbCdEf",
        "arn:aws:lambda:eu-west-1:123456789012:function:password-reset:42",
        "jinja2 2.10 has 1 known vulnerability, fixed in 2.10.1",
        "DB_PASSWORD (password, by its name)",
        "checkout/settings.py:14 (aws secret access key)",
        "The tag 'token' is missing: nobody can be asked.",
        "Missing parameter password: it must be a string",
        "the bearer authentication internationalization scheme",
        "https://docs.aws.amazon.com/secretsmanager/latest/userguide/hardcoded.html",
        "https://example.org:8443/path@2",
        "1-69ae3c40-0123456789abcdef01234567",
        "Tag the function owner=<team or address>",
        "reading the secret: AccessDeniedException",
        "lambda:UpdateFunctionCode20150331v2",
        "CVE-2024-22195 and GHSA-462w-v97r-4m45",
    ],
)
def test_what_is_no_credential_stays(text: str) -> None:
    assert redacted(text) == text


@given(st.text(max_size=300) | hostile)
def test_redacting_twice_changes_nothing(text: str) -> None:
    assert redacted(redacted(text)) == redacted(text)


@pytest.mark.parametrize(
    "unit",
    ["eyJ", "A" * 10, "AKIA", "password", "password=", "a:", "://", "x://a:", "-----BEGIN ",
     _PEM, "bearer ", "secret_", "token-.", "ghp_", "@", "a.b-c_", "\u2026"],
)  # fmt: skip
def test_long_hostile_texts_take_time_in_proportion(unit: str) -> None:
    def seconds(length: int) -> float:
        text = (unit * (length // len(unit) + 1))[:length]
        started = time.process_time()
        redacted(text)
        return time.process_time() - started

    redacted(unit)
    small = min(seconds(20_000) for _ in range(3))
    large = min(seconds(160_000) for _ in range(2))
    assert large <= 40 * small + 0.05, "eight times the text takes about eight times the time"


def test_a_finding_carries_no_credential_wherever_it_stood() -> None:
    secret = f"password=abc12345 {_GITHUB}"
    one = finding(
        title=f"Title {secret}",
        reason=secret,
        remedy=secret,
        severity_reason=secret,
        evidence={"log": secret, "lines": [secret] * 60, secret: 1},
        links=(f"https://u:{_AWS}@example.org/",),
    )
    assert one.whole_evidence is not None, "the list was cut"
    everything = f"{one!r} {one.whole_evidence}"
    assert "abc12345" not in everything
    assert _GITHUB not in everything
    assert _AWS not in everything


def test_what_tells_findings_apart_still_does_so_without_the_credential() -> None:
    one, other = finding(subject="password=abc12345"), finding(subject="password=abc12346")
    assert one.subject.startswith("sha256:")
    assert one.fingerprint != other.fingerprint


def test_a_credential_at_the_edge_of_a_bounded_text_is_not_cut_in_two() -> None:
    one = finding(title="x" * 140 + " " + _GITHUB)
    assert "ghp_" not in one.title
