"""What a decision must respect, as far as AWS tells: every answer is a reading of its own."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from functions.shared.config import TagPolicy
from functions.shared.core.arn import FunctionArn
from functions.shared.core.reading import Known, Reading

# AWS keeps this much unreserved: 100 (Lambda developer guide, "Configuring reserved concurrency"),
# and all that an account has while its limit is lower; new accounts are told "below its minimum
# value of [10]" or "[50]".
_AWS_MINIMUM: Final = 100


@dataclass(frozen=True, slots=True)
class AccountLimits:
    """The account's concurrency in this region.

    Attributes:
        limit: All of it.
        unreserved: What no function has reserved.
    """

    limit: int
    unreserved: int

    @property
    def floor(self) -> int:
        """What AWS keeps unreserved."""
        return min(_AWS_MINIMUM, self.limit)


class SourceKind(StrEnum):
    """How Lambda reads an event source for a function."""

    QUEUE = "queue"
    STREAM = "stream"
    LOG = "log"


@dataclass(frozen=True, slots=True)
class EventSource:
    """A queue or stream that Lambda reads for the function.

    Attributes:
        name: Its name.
        kind: How Lambda reads it.
        max_receives: Deliveries before a message goes to the dead-letter queue; None without one.
        retention_seconds: How long it keeps what is not handled, None while unknown.
        max_age_seconds: Older records are given up, None for never.
        on_failure: Whether records that are given up leave a trace.
    """

    name: str
    kind: SourceKind
    max_receives: int | None = None
    retention_seconds: int | None = None
    max_age_seconds: int | None = None
    on_failure: bool = False


@dataclass(frozen=True, slots=True)
class Asynchronous:
    """What becomes of events that callers left with Lambda.

    Attributes:
        max_age_seconds: How long Lambda keeps trying.
        on_failure: Whether events that are given up go somewhere.
    """

    max_age_seconds: int = 6 * 3600
    on_failure: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything that a decision about one function must respect.

    Attributes:
        function: The function.
        tags: Its tags.
        reserved: Its reserved concurrency; a known None means that it has none.
        account: The account's concurrency.
        provisioned: Its provisioned concurrency, all versions together.
        sources: Queues and streams that Lambda reads for it.
        asynchronous: What becomes of events that callers left with Lambda.
        formerly: Environments that its tag named until lately: what protects there still does.
        owed: Concurrency that restoring other functions will need.
    """

    function: FunctionArn
    tags: Reading[Mapping[str, str]]
    reserved: Reading[int | None]
    account: Reading[AccountLimits]
    provisioned: Reading[int]
    sources: Reading[tuple[EventSource, ...]]
    asynchronous: Reading[Asynchronous]
    formerly: tuple[str, ...] = ()
    owed: int = 0

    def environment(self, policy: TagPolicy) -> str:
        """The environment's tag; empty while unknown."""
        return (
            self.tags.value.get(policy.environment_tag, "") if isinstance(self.tags, Known) else ""
        )
