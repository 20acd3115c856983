"""How bad an advisory is: the CVSS score of its vectors, or the word its database uses.

The scores are computed when the index is built, so that nothing that reads the index needs the
CVSS library.
"""

from collections.abc import Iterable
from typing import Final

from cvss import CVSS2, CVSS3, CVSS4  # type: ignore[import-untyped]  # it ships no types
from cvss.exceptions import CVSSError  # type: ignore[import-untyped]  # it ships no types

from functions.shared.advisories.rated import Rated
from functions.shared.advisories.record import Rating, Record
from functions.shared.core.severity import Severity

_LONGEST_VECTOR: Final = 400
_MALICIOUS: Final = "MAL-"
_WORDS: Final = {
    "none": Severity.INFO,
    "info": Severity.INFO,
    "informational": Severity.INFO,
    "low": Severity.LOW,
    "moderate": Severity.MEDIUM,  # GitHub's word for medium.
    "medium": Severity.MEDIUM,
    "important": Severity.HIGH,
    "high": Severity.HIGH,
    "critical": Severity.CRITICAL,
}


def rate(ratings: Iterable[Rating]) -> Rated:
    """The worst of an advisory's CVSS scores; without any, the worst of its words.

    An advisory may carry vectors of several CVSS versions; the highest counts, because an alert
    that is a little too loud is better than one that is too quiet.
    """
    stated = tuple(ratings)
    scores = [found for rating in stated if (found := _from_vector(rating)) is not None]
    if scores:
        return max(scores, key=lambda found: found.score or 0.0)
    words = [_WORDS[word] for rating in stated if (word := rating.value.lower()) in _WORDS]
    return Rated(max(words)) if words else Rated()


def rate_record(record: Record) -> Rated:
    """The severity of a whole record.

    Malicious packages carry no vector (https://github.com/ossf/malicious-packages): whoever has one
    installed is compromised, which is critical.
    """
    rated = rate(record.ratings)
    if rated.severity is None and record.id.startswith(_MALICIOUS):
        return Rated(Severity.CRITICAL)
    return rated


def _from_vector(rating: Rating) -> Rated | None:
    vector = rating.value
    if len(vector) > _LONGEST_VECTOR:
        return None
    try:
        base, word = _base(rating.scheme, vector)
    except (CVSSError, ArithmeticError):
        return None
    return Rated(_WORDS[word.lower()], base, vector)


def _base(scheme: str, vector: str) -> tuple[float, str]:
    """Base score and rating; sources of the bands: the CVSS standards, NVD's bands for CVSS 2.

    Raises:
        CVSSError: The vector is not valid in its scheme, or the scheme is none of CVSS's.
    """
    if scheme == "CVSS_V4":
        newest = CVSS4(vector)
        return float(newest.base_score), newest.severity
    if scheme in ("CVSS_V2", "CVSS_V3"):
        older = CVSS2(vector) if scheme == "CVSS_V2" else CVSS3(vector)
        return float(older.scores()[0]), older.severities()[0]
    raise CVSSError(f"{scheme} is no CVSS scheme")
