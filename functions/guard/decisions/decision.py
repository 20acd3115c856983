"""A decision of the guard."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from functions.shared.guarding.enforcement import Action


class Code(StrEnum):
    """What was decided, for machines. All but the first block leave the function as it is."""

    LIMIT = "limit"
    RENEW = "renew"
    RESTORE = "restore"
    VOID = "void"
    KEEP = "keep"

    ACCOUNT_FLOOR = "account-floor"
    ACTION_BUDGET = "action-budget"
    BEING_ACTED_ON = "being-acted-on"
    CHANGED_MEANWHILE = "changed-meanwhile"
    DRY_RUN = "dry-run"
    EXEMPT = "exempt"
    GONE = "gone"
    HELD = "held"
    IAC_MANAGED = "iac-managed"
    NOT_A_REASON = "not-a-reason"
    NOT_BORNE_OUT = "not-borne-out"
    NOT_YET = "not-yet"
    NOT_SLOWER = "not-slower"
    OTHERS_FIRST = "others-first"
    OFF = "off"
    OWN_FUNCTION = "own-function"
    PROTECTED = "protected"
    PROVISIONED = "provisioned-concurrency"
    QUEUE_BACKED = "queue-backed"
    RELEASED = "released"
    REFUSED_BY_AWS = "refused-by-aws"
    STOPPED = "stopped"
    UNKNOWN = "unknown"
    UNKNOWN_PREVIOUS = "unknown-previous"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What to do about a function.

    Attributes:
        code: What was decided.
        reason: Why, in full sentences; the alert says it.
        action: Which kind of limit, where one is set or would be.
        value: The reserved concurrency to set; also what a refused or dry decision would set.
        until: When it is lifted whatever happens.
        warnings: What will happen to the function's callers and sources.
        occasions: What exactly it is stopped for, so that it is known if a person declines it.
        evidence: The facts behind it.
    """

    code: Code
    reason: str
    action: Action = Action.CAP
    value: int | None = None
    until: datetime | None = None
    warnings: tuple[str, ...] = ()
    occasions: tuple[str, ...] = ()
    evidence: Mapping[str, Any] = field(default_factory=dict)

    @property
    def limits(self) -> bool:
        """Whether the function is to be limited."""
        return self.code is Code.LIMIT

    @property
    def sentence(self) -> str:
        """Reason and warnings together."""
        return " ".join((self.reason, *self.warnings))
