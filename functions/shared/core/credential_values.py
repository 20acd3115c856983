"""Whether a value after a credential's name can be the credential. Pure."""

import re
from itertools import pairwise
from typing import Final

_TEMPLATE: Final = re.compile(
    r"<[A-Za-z][\w .:-]{0,60}>?|\$\{[^}]{0,80}\}?|\$\([\w. -]{1,60}\)?|\{\{?[\w. ]{0,60}\}?\}?"
    r"|%\(\w{1,60}\)?[sdr]?|%[sdrv]|%\w{2,60}%|\$[A-Z_]{2,60}|:\w{1,40}|\?|@\w{1,40}"
)
_MASK: Final = re.compile(r"[*•●█]{4,}|[xX]{4,}|#{4,}|\.\.\.")
_SHOWN_BESIDE_A_MASK: Final = 12
_STATES: Final = frozenset(
    "absent accepted bad blank cannot changed check checking compromised configured correct"
    " created default deleted denied disabled empty enabled encrypted error expired expires failed"
    " false filtered found generated hash hashed hidden incorrect invalid is leaked loaded lookup"
    " masked mismatch missing must n/a na needed nil no none not null object off ok omitted on"
    " optional passed password present protected provided query read received redacted refreshed"
    " rejected removed required reset revoked rotated rotation secret sent set should string stored"
    " successful success suppressed token true undefined unknown unset updated use used using valid"
    " validated verified was weak will with wrong yes [object bearer basic undefined, your".split()
)
_WORD: Final = re.compile(r"[A-Za-z]+(?:[-_ ][A-Za-z]+)*")
_CLASS_NAME: Final = re.compile(r"(?:[A-Z][a-z]+){2,}[A-Z]*")
_PLACE: Final = re.compile(
    r"(?:arn:|https?://|s3://|ssm:|vault:|secretsmanager:|/|\./|\.\./|[A-Z]:\\)"
)
_REFERENCE: Final = re.compile(r"[A-Za-z_][\w]*(?:\.[A-Za-z_]\w*)+(?:\(.*)?|[A-Za-z_]\w*\(.*")
_OBJECT: Final = re.compile(r"[\w.$]+@[0-9a-f]{4,16}|[A-Za-z_.$]+\{.*")  # as Java prints objects
_NUMBER: Final = re.compile(r"[0-9.,:]+(?:[a-z]{1,3})?")
_PATH: Final = re.compile(r"[A-Za-z0-9_.-]*(?:/[A-Za-z0-9_.-]+)+")
_SHORT_KEY: Final = 8
_SHORT_TOKEN: Final = 16


def is_password(value: str) -> bool:
    """Whether it can be a password that stands after `password=` or in quotation marks."""
    return len(value) >= 3 and not stands_for_one(value) and not _REFERENCE.fullmatch(value)


def is_password_by_sight(value: str, *, strict: bool = False) -> bool:
    """Whether it looks like a password and like no word of a sentence.

    Args:
        value: What stands there, without quotation marks.
        strict: Whether nothing but its look speaks for it.
    """
    if len(value) < 6 or not is_password(value) or _PLACE.match(value):
        return False
    digit = any(map(str.isdigit, value))
    symbol = any(not one.isalnum() and one not in "-_'.:/" for one in value)
    if strict:
        letters = any(map(str.isalpha, value))
        return letters and (digit or symbol) and not _PATH.fullmatch(value)
    if _NUMBER.fullmatch(value):
        return len(value) >= 6 and value.isdigit()
    mixed = value[1:] != value[1:].lower() and not _CLASS_NAME.fullmatch(value)
    return digit or symbol or len(value) >= 20 or (mixed and not value.isupper())


def is_key(value: str) -> bool:
    """Whether it can be the value of a secret or of a key, and not where one lies."""
    if len(value) < 6 or stands_for_one(value):
        return False
    if looks_drawn(value):
        return True
    if (
        _PLACE.match(value)
        or _REFERENCE.fullmatch(value)
        or _OBJECT.fullmatch(value)
        or _CLASS_NAME.fullmatch(value)
        or value.isdigit()
    ):
        return False
    if len(value) < _SHORT_KEY:
        return any(map(str.isdigit, value)) or bool(_WORD.fullmatch(value) and " " not in value)
    digit = any(map(str.isdigit, value))
    if _PATH.fullmatch(value):
        return False
    return digit or (_is_mixed(value) and len(value) >= _SHORT_TOKEN) or _has_symbol(value)


def is_token(value: str) -> bool:
    """Whether it looks drawn by lot, as tokens are: long, with digits among the letters."""
    if len(value) < _SHORT_TOKEN or " " in value or not is_key(value):
        return False
    letters = any(map(str.isalpha, value))
    digits = sum(map(str.isdigit, value))
    return (
        letters
        and (digits >= 2 or (digits == 1 and len(value) >= 24))
        and not value.startswith("0x")
    )


def looks_drawn(value: str) -> bool:
    """Whether capitals, small letters and digits change places as they do in no name or path."""
    if len(value) < _SHORT_TOKEN or value.startswith(("arn:", "http:", "https:")):
        return False
    classes = [one.isdigit() + 2 * one.isupper() + 3 * one.islower() for one in value]
    changes = sum(a != b for a, b in pairwise(classes))
    return {1, 2, 3} <= set(classes) and changes * 5 >= 2 * len(value)


def is_code(value: str) -> bool:
    """Whether it is a code of three to eight digits."""
    return 3 <= len(value) <= 8 and value.isdigit() and len(set(value)) > 1


def stands_for_one(value: str) -> bool:
    """Whether it is a placeholder, a mask, or says something about a credential."""
    bare = value.strip("\"'`.,;:!?()[]{}<> ").lower()
    return (
        bare in _STATES
        or not bare
        or _TEMPLATE.fullmatch(value) is not None
        or _is_masked(value)
        or "redacted" in bare
        or "filtered" in bare
    )


def _is_masked(value: str) -> bool:
    """Whether it is one character again and again, or stars with a few characters around them."""
    if (len(set(value)) == 1 and len(value) > 1) or value[:1] in {"[", "("}:
        return True
    mask = _MASK.search(value)
    return mask is not None and len(value) - len(mask[0]) <= _SHOWN_BESIDE_A_MASK


def _is_mixed(value: str) -> bool:
    return value != value.lower() and value != value.upper()


def _has_symbol(value: str) -> bool:
    return any(one in "!@#$%^&*+=~?" for one in value)
