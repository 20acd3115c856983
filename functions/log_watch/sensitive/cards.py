"""Payment card numbers: grouped as on cards, of a known brand, with the right check digit. Pure.

Source: ISO/IEC 7812; the ranges and lengths that the brands publish.
"""

import re
from collections.abc import Iterator
from typing import Final

from stdnum import luhn

from functions.log_watch.sensitive.kinds import Hit, Kind
from functions.log_watch.sensitive.names import name_before

PREFILTER: Final = (r"(?:^|[^\w.+-])[2-6]\d(?:[ -]?\d){11}",)

_GROUPED: Final = "|".join(
    rf"[2-6][0-9]{{3}}{by}[0-9]{{4}}{by}[0-9]{{4}}{by}[0-9]{{4}}(?:{by}[0-9]{{3}})?"
    rf"|3[0-9]{{3}}{by}[0-9]{{6}}{by}[0-9]{{4,5}}"
    for by in (" ", "-")
)
_NUMBER: Final = re.compile(
    rf"(?<![A-Za-z0-9_.+-])(?:[2-6][0-9]{{12,18}}|{_GROUPED})(?![A-Za-z0-9_]|[.-][A-Za-z0-9])"
)
_BRANDS: Final = re.compile(
    r"4[0-9]{15}(?:[0-9]{3})?"
    r"|(?:5[1-5]|222[1-9]|22[3-9][0-9]|2[3-6][0-9]{2}|27[01][0-9]|2720)[0-9]+"
    r"|3[47][0-9]{13}|(?:30[0-5]|3095|36|3[89])[0-9]+"
    r"|(?:6011|64[4-9]|65)[0-9]+|35(?:2[89]|[3-8][0-9])[0-9]+|62[0-9]+|(?:50|5[6-9]|6[37])[0-9]+"
)
_LENGTHS: Final = {"4": {16, 19}, "5": {16}, "2": {16}, "34": {15}, "37": {15}, "3": {14, 16, 19}, "6": {16, 17, 18, 19}}  # fmt: skip
_CARD: Final = re.compile(r"(?i)card|\bpan\b|\bcc|credit|debit|visa|master|amex|payment|billing")
# Numbers that machines count up, and those of goods: one in ten has the right check digit.
_OTHER: Final = re.compile(
    r"(?i)(?:order|invoice|tracking|shipment|parcel|transaction|txn|trace|span|request|correlation"
    r"|message|session|block|blk|offset|sequence|seq|cursor|time(?:stamp)?|epoch|nonce|isbn|imei"
    r"|iccid|ean|upc|gtin|barcode|sku|serial|batch|job|event|build|version|row|record|document"
    r"|snowflake|tweet|post|user|customer|account|tenant|device|hash|checksum|size|bytes|pid|tid"
    r"|id|ids|key|number|no|nr|ref(?:erence)?)[\s\"'_.:=#-]*\Z"
)


def cards(text: str) -> Iterator[Hit]:
    """The card numbers in a text."""
    for hit in _NUMBER.finditer(text):
        digits = hit[0].replace(" ", "").replace("-", "")
        if not _is_card(digits):
            continue
        grouped = len(digits) != len(hit[0])
        name = name_before(text, hit.start())
        if not _CARD.search(name) and not grouped and _OTHER.search(name):
            continue
        yield Hit(hit.start(), hit.end(), Kind.CARD)


def _is_card(digits: str) -> bool:
    lengths = _LENGTHS.get(digits[:2]) or _LENGTHS.get(digits[:1], set())
    if len(digits) not in lengths or not _BRANDS.fullmatch(digits) or len(set(digits)) < 2:
        return False
    return bool(luhn.is_valid(digits))
