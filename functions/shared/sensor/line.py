"""Lines of the sensor, read as what they are: text that anybody in the function may have written.

A line is a claim of the function about itself. Nothing in it is trusted further than that: whose
log it stands in decides which function it is about, and every value is bounded here.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, TypeAlias

from functions.shared.core.text import plain

MARK: Final = '{"warden_sensor":1,'
"""How every line begins; what stands before it is the function's own unfinished line."""

LONGEST: Final = 480
"""Characters of the longest line that the sensor writes."""

_NAME: Final = 160
_MOST: Final = 2**63
# As the sensor itself does it: such a word may be a credential, wherever it stands.
_LONG_WORD: Final = re.compile(r"[A-Za-z0-9_+=]{20,}")


class Kind(StrEnum):
    """What was seen."""

    PROGRAM = "program"
    FORK = "fork"
    READ = "read"
    WRITE = "write"
    CONNECT = "connect"
    LOOKUP = "lookup"
    LIBRARY = "library"
    MEMORY = "memory"
    UNSEEN = "unseen"
    LOOP = "loop"


class Did(StrEnum):
    """What the sensor did about it."""

    SEEN = "seen"
    ALERT = "alert"
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True)
class Sighting:
    """One first sight, or one violation of policy.

    Attributes:
        kind: What was seen.
        did: What was done about it.
        name: The program, file, host or library; empty where there is none.
        place: What is special about it, such as `credentials`; empty for nothing.
        arguments: A program's arguments, where policy tells them.
        milliseconds: How long an event loop was blocked.
    """

    kind: Kind
    did: Did
    name: str = ""
    place: str = ""
    arguments: str = ""
    milliseconds: int = 0


@dataclass(frozen=True, slots=True)
class Start:
    """An execution environment came up with the sensor in it.

    Attributes:
        policy: Digest of its policy.
        wrong: The first part of its policy that it does not understand; empty where it does.
    """

    policy: int
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class Summary:
    """What an environment did in the last minute or more, and the counters since its start.

    Attributes:
        invocations: Since the start.
        dropped: Sights that were not told because there were too many.
        unseen: Children that no hook saw.
        refused: Calls that policy refused.
    """

    invocations: int
    dropped: int
    unseen: int
    refused: int


Line: TypeAlias = Sighting | Start | Summary


def read_line(message: str) -> Line | None:
    """Read one message of a log; None where it holds no line of the sensor."""
    at = message.find(MARK)
    if at < 0:
        return None
    text = message[at : at + LONGEST + 1].rstrip("\n")
    if len(text) > LONGEST:
        return None
    try:
        fields = json.loads(text, parse_constant=_refuse, parse_float=_refuse)
    except (ValueError, RecursionError):
        return None
    return _line(fields) if isinstance(fields, dict) else None


def _line(fields: Mapping[str, Any]) -> Line | None:
    match fields.get("kind"):
        case "start":
            return Start(_number(fields, "policy"), _text(fields, "wrong"))
        case "summary":
            return Summary(
                invocations=_number(fields, "n"),
                dropped=_number(fields, "drop"),
                unseen=_number(fields, "unseen"),
                refused=_number(fields, "refused"),
            )
    try:
        kind, did = Kind(str(fields.get("kind"))), Did(str(fields.get("did")))
    except ValueError:
        return None
    return Sighting(
        kind,
        did,
        name=_text(fields, "name"),
        place=_text(fields, "place"),
        arguments=_text(fields, "args"),
        milliseconds=_number(fields, "ms"),
    )


def _text(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name, "")
    if not isinstance(value, str):
        return ""
    return _LONG_WORD.sub(_masked, plain(value, _NAME))


def _masked(word: re.Match[str]) -> str:
    digits = sum(character.isdigit() for character in word[0])
    return f"{word[0][:4]}***" if 1 < digits < len(word[0]) else word[0]


def _number(fields: Mapping[str, Any], name: str) -> int:
    value = fields.get(name, 0)
    fits = isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2 * _MOST
    return value if fits else 0


def _refuse(text: str) -> None:
    raise ValueError(f"no number of the sensor: {text[:20]}")
