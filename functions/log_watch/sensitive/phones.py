"""Phone numbers: international ones by their plus, national ones by the name before them. Pure."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

import phonenumbers

from functions.log_watch.sensitive.kinds import Hit, Kind
from functions.log_watch.sensitive.names import name_before

_WORDS: Final = (
    r"phone|mobile|msisdn|cell(?:ular)?|(?:^|[^a-z])tel(?![a-z])|telephone|telefon|telefono|fax"
    r"|whatsapp|(?:^|[^a-z])sms(?![a-z])|caller|callback|(?:^|[^a-z])call(?:ed|ing)?(?![a-z])|handy"
    r"|dial(?:ed|ing)?(?![a-z])|contact[_ -]?(?:number|no)"
)
PREFILTER: Final = (
    r"(?:^|[^\w+.])\+\d{1,3}[ ().-]{0,2}\d[\d ().-]{6}",
    rf"(?i)(?:{_WORDS.replace('(?![a-z])', '')})[^\n]{{0,20}}\d[\d ().-]{{5}}",
    r"\([2-9]\d{2}\) ?\d{3}[ .-]\d{4}",
    r"(?:^|[^\w.-])(?:1[ .-])?[2-9]\d{2}[.-][2-9]\d{2}[.-]\d{4}(?:$|[^\d])",
)
_INTERNATIONAL: Final = re.compile(
    r"(?<![\w+.])(?:\+|00(?=[1-9]))[1-9][0-9]{0,3}(?:[ ().\-/]{0,2}[0-9]){6,13}(?![\w]|[.:][0-9])"
)
_NATIONAL: Final = re.compile(
    r"(?<![\w+./-])(?<![0-9]:)\(?[0-9](?:[ ().\-/]{0,2}[0-9]){6,13}(?![\w]|[.:-][0-9])"
)
_AMERICAN: Final = re.compile(
    r"(?<![\w+./-])(?<![0-9]:)(?:1[ .-])?(?:\([2-9][0-9]{2}\) ?[2-9][0-9]{2}[ .-][0-9]{4}"
    r"|[2-9][0-9]{2}-[2-9][0-9]{2}-[0-9]{4}|[2-9][0-9]{2}\.[2-9][0-9]{2}\.[0-9]{4})"
    r"(?![\w]|[.:/-][0-9])"
)
_PHONE: Final = re.compile(rf"(?i){_WORDS}")
# `phone_id=…`, `call duration=…`: what follows is another number.
_ABOUT: Final = re.compile(
    r"(?i)(?:id|ids|count|counter|total|duration|took|time|timestamp|ms|size|length|index|limit|at|after"
    r"|line|status|code|attempt|attempts|version|seconds|stack|depth|bytes|hash|port|in)[\s\"'_:=#-]*\Z"
)
_REGIONS_OF_PLAIN_FORM: Final = frozenset({"US", "CA"})


def phones(regions: Sequence[str], text: str) -> Iterator[Hit]:
    """The phone numbers in a text.

    Args:
        regions: Countries, as ISO 3166 has them, whose national form is known.
        text: Where to look.
    """
    taken: set[int] = set()
    for hit in _INTERNATIONAL.finditer(text):
        number = hit[0]
        plus = number if number.startswith("+") else f"+{number[2:]}"
        named = _is_named(text, hit.start())
        if (number.startswith("+") or named) and _is_possible(plus, None, sure=not named):
            taken.update(range(hit.start(), hit.end()))
            yield Hit(hit.start(), hit.end(), Kind.PHONE)
    for hit in _NATIONAL.finditer(text):
        if hit.start() in taken:
            continue
        if _is_named(text, hit.start()) and any(_is_possible(hit[0], one) for one in regions):
            taken.update(range(hit.start(), hit.end()))
            yield Hit(hit.start(), hit.end(), Kind.PHONE)
    if not _REGIONS_OF_PLAIN_FORM.intersection(regions):
        return
    for hit in _AMERICAN.finditer(text):
        if hit.start() not in taken and _is_possible(hit[0], "US", sure=True):
            yield Hit(hit.start(), hit.end(), Kind.PHONE)


def _is_named(text: str, at: int) -> bool:
    name = name_before(text, at)
    return bool(_PHONE.search(name)) and not _ABOUT.search(name)


def _is_possible(number: str, region: str | None, *, sure: bool = False) -> bool:
    try:
        parsed = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        return False
    if sure:
        return bool(phonenumbers.is_valid_number(parsed)) or (
            any(one in number[1:] for one in " ()-") and phonenumbers.is_possible_number(parsed)
        )
    return bool(phonenumbers.is_possible_number(parsed))
