"""A severity with where it comes from."""

from dataclasses import dataclass

from functions.shared.core.severity import Severity


@dataclass(frozen=True, slots=True)
class Rated:
    """How bad a flaw is.

    Attributes:
        severity: None when the advisory does not say.
        score: CVSS base score from 0.0 to 10.0, None when there is no readable vector.
        vector: The CVSS vector that the score was computed from, or empty.
    """

    severity: Severity | None = None
    score: float | None = None
    vector: str = ""
