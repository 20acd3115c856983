"""What is searched for, in the words that alerts use."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What should not stand in a log."""

    CREDENTIAL = "credential"
    ENVIRONMENT = "environment dump"
    CARD = "payment card number"
    BANK_ACCOUNT = "bank account number"
    EMAIL = "e-mail address"
    PHONE = "phone number"
    NATIONAL_ID = "national id"


PERSONAL = frozenset({Kind.CARD, Kind.BANK_ACCOUNT, Kind.EMAIL, Kind.PHONE, Kind.NATIONAL_ID})
"""What is about a person."""


@dataclass(frozen=True, slots=True, order=True)
class Hit:
    """One thing that should not be there.

    Attributes:
        start: Index of its first character.
        end: Index behind its last one.
        kind: What it is.
        detail: Which of that kind, such as `github token` or `us ssn`; empty where there is one.
    """

    start: int
    end: int
    kind: Kind
    detail: str = ""
