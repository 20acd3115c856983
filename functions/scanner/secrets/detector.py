"""The detector: Kingfisher's catalogue of credential formats, run in this process and offline.

Kingfisher can also ask providers whether a credential is valid, and revoke it; nothing of that is
imported here. Passwords in connection strings, which it does not know, are found beside it. Its
rules are compiled on first use (some three seconds and 60 MB), so that a scan that reads nothing
new does not pay for them, and no cache of them is written.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from functions.scanner.secrets.connection_strings import passwords
from functions.scanner.secrets.placeholders import is_placeholder

if TYPE_CHECKING:
    from kingfisher_sdk import Finding, Scanner

_SECONDS: Final = 20.0
_CONTEXT: Final = 80


class DetectionError(Exception):
    """The text could not be searched in time."""


class DetectorMissingError(DetectionError):
    """The detector, a native library, cannot be loaded here; other rules work without it."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One credential in a text.

    Attributes:
        kind: What it is, in a few words.
        start: Byte at which it starts.
        line: Line at which it starts, from 1.
    """

    kind: str
    start: int
    line: int


def detect(text: bytes) -> Iterator[Hit]:
    """The credentials in a text, without what is evidently a placeholder or an example.

    Raises:
        DetectionError: The text could not be searched.
    """
    try:
        findings = scanner().scan(text, timeout=_SECONDS)
    except (TimeoutError, RuntimeError, ValueError) as error:
        raise DetectionError(type(error).__name__) from None  # its text might quote the input
    for finding in findings:
        start, end = finding.location["start_offset"], finding.location["end_offset"]
        after = text[end : end + _CONTEXT]
        value = text[start:end]
        if _counts(finding, value) and not is_placeholder(value, after=after):
            yield Hit(_kind(finding.rule_id), start, finding.location["line"])
    for password in passwords(text):
        yield Hit("password in a connection string", password.start, password.line)


def _counts(finding: "Finding", value: bytes) -> bool:
    # Kingfisher shows an AWS secret key only beside its key id; in a deployment they stand apart.
    # One key in a thousand has no digit, long names of types have none.
    return finding.visible or (
        finding.rule_id.endswith(".aws-secret-access-key")
        and any(byte in b"0123456789" for byte in value)
    )


def _kind(rule_id: str) -> str:
    name = rule_id.rpartition(".")[2].rpartition("/")[2]
    return name.replace("-", " ").replace("_", " ")


@cache
def scanner() -> "Scanner":
    """The compiled catalogue of this process.

    Raises:
        DetectorMissingError: See there.
    """
    try:
        from kingfisher_sdk import DetectionPolicy, Rules, Scanner  # noqa: PLC0415 - see above
    except ImportError:
        raise DetectorMissingError("the detector cannot be loaded") from None
    policy = DetectionPolicy(inline_ignores=False)
    return Scanner(Rules(cache=False), redact=True, policy=policy)
