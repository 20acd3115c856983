"""International bank account numbers: length by country, and check digits. Pure.

Source: ISO 13616, as python-stdnum has its registry.
"""

import re
from collections.abc import Iterator
from typing import Final

from stdnum import iban

from functions.log_watch.sensitive.kinds import Hit, Kind

PREFILTER: Final = (
    r"(?:^|[^A-Za-z0-9])[A-Z]{2}\d\d[ -]?[A-Z0-9]{4}[ -]?[A-Z0-9]{4}[ -]?[A-Z0-9]{3}",
    r"(?i)iban[^\n]{0,20}[a-z]{2}\d\d[a-z0-9]{11}",
)

_NUMBER: Final = re.compile(
    r"(?<![A-Za-z0-9])[A-Za-z]{2}[0-9]{2}(?:[A-Za-z0-9]{11,30}|(?:[ -][A-Za-z0-9]{4}){2,7}"
    r"(?:[ -][A-Za-z0-9]{1,3})?)(?![A-Za-z0-9])"
)
_GROUP: Final = re.compile(r"[ -][A-Za-z0-9]+\Z")
_GROUPS_OF_THE_NEXT_WORDS: Final = 3


def bank_accounts(text: str) -> Iterator[Hit]:
    """The account numbers in a text."""
    for hit in _NUMBER.finditer(text):
        number = hit[0]
        for _ in range(_GROUPS_OF_THE_NEXT_WORDS):
            if iban.is_valid(number, check_country=False):
                yield Hit(hit.start(), hit.start() + len(number), Kind.BANK_ACCOUNT)
                break
            shorter = _GROUP.sub("", number)
            if shorter == number:
                break
            number = shorter
