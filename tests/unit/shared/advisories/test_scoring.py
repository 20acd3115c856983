"""Severities: CVSS by the standards' own examples, words where there is no vector."""

import pytest

from functions.shared.advisories.rated import Rated
from functions.shared.advisories.record import Rating, parse_record
from functions.shared.advisories.scoring import rate, rate_record
from functions.shared.core.severity import Severity
from tests.unit.shared.advisories.osv import advisory

_V2 = "AV:N/AC:L/Au:N/C:N/I:N/A:C"
_V3 = "CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N"
_V4 = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H"


@pytest.mark.parametrize(
    ("scheme", "vector", "score", "severity"),
    [
        ("CVSS_V2", _V2, 7.8, Severity.HIGH),  # CVE-2002-0392 in the guide to version 2.
        ("CVSS_V3", _V3, 6.1, Severity.MEDIUM),  # CVE-2013-1937 in the examples to version 3.1.
        ("CVSS_V4", _V4, 10.0, Severity.CRITICAL),
        ("CVSS_V3", "CVSS:3.1/AV:P/AC:H/PR:H/UI:R/S:U/C:N/I:N/A:N", 0.0, Severity.INFO),
    ],
)
def test_scores_a_vector(scheme: str, vector: str, score: float, severity: Severity) -> None:
    assert rate([Rating(scheme, vector)]) == Rated(severity, score, vector)


def test_the_highest_of_several_vectors_counts() -> None:
    rated = rate([Rating("CVSS_V3", _V3), Rating("CVSS_V2", _V2)])
    assert (rated.score, rated.vector) == (7.8, _V2)


def test_a_vector_counts_more_than_a_word() -> None:
    assert rate([Rating("LABEL", "CRITICAL"), Rating("CVSS_V3", _V3)]).score == 6.1


@pytest.mark.parametrize(
    ("word", "severity"),
    [("MODERATE", Severity.MEDIUM), ("High", Severity.HIGH), ("critical", Severity.CRITICAL)],
)
def test_a_databases_word_stands_in_for_a_missing_vector(word: str, severity: Severity) -> None:
    assert rate([Rating("LABEL", word)]) == Rated(severity)


@pytest.mark.parametrize(
    "rating",
    [
        Rating("CVSS_V3", "CVSS:3.1/AV:N"),
        Rating("CVSS_V3", _V2),
        Rating("CVSS_V4", "nonsense"),
        Rating("CVSS_V3", "CVSS:3.1/" + "AV:N/" * 500),
        Rating("Ubuntu", "priority"),
        Rating("LABEL", "scary"),
    ],
)
def test_what_cannot_be_read_stays_unknown(rating: Rating) -> None:
    assert rate([rating]) == Rated()


def test_an_installed_malicious_package_is_critical() -> None:
    assert rate_record(parse_record(advisory("MAL-2026-1"))).severity is Severity.CRITICAL
