"""What others ask the guard for: typed messages on its queue."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Final, Literal, TypeAlias, TypeVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from functions.shared.config import QuarantineReason
from functions.shared.core.arn import FunctionArn
from functions.shared.events.envelope import WARDEN_SOURCE, Envelope, validated
from functions.shared.events.read import named_function

RUNAWAY: Final = "Runaway Confirmed"
QUARANTINE: Final = "Quarantine Asked For"
REASON_OVER: Final = "Quarantine Reason Over"

LONGEST_REASON: Final = 500
"""Characters of a request's reason."""

MOST_OCCASIONS: Final = 50
"""Occasions that a request may name."""

_Count = Annotated[float, Field(ge=0, allow_inf_nan=False)]
_Text = Annotated[str, Field(max_length=LONGEST_REASON)]
_Occasion = Annotated[str, Field(min_length=1, max_length=100)]


class _Request(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    sender: _Text = "anomaly-detector"


class Runaway(_Request):
    """A function's use is confirmed to be far above what is usual for it.

    Attributes:
        sender: Who confirmed it.
        since: When the anomaly began.
        concurrency: Newest highest number of invocations at once.
        usual_peak: The highest that is usual for it.
        invocations: Newest invocations in a period.
        usual_invocations: What is usual at this time.
        reason: The anomaly in words.
    """

    since: AwareDatetime
    concurrency: _Count
    usual_peak: _Count = Field(alias="usualPeak")
    invocations: _Count = 0.0
    usual_invocations: _Count = Field(0.0, alias="usualInvocations")
    reason: _Text = ""


class QuarantineRequest(_Request):
    """Somebody has a named reason to stop a function altogether.

    Attributes:
        sender: Who asks.
        cause: The named reason.
        reason: The same in words, with the facts.
        occasions: What exactly it is about: the expiry date, the flaws. Those that a person let
            the function run on in spite of do not stop it again. Without any, each request counts.
        severity: How bad it is, as the sender judged; a known-exploited flaw must be critical.
    """

    cause: QuarantineReason
    reason: _Text
    occasions: Annotated[tuple[_Occasion, ...], Field(max_length=MOST_OCCASIONS)] = ()
    severity: Literal["info", "low", "medium", "high", "critical"] = "critical"


class ReasonOver(_Request):
    """What a function was to be stopped for is over: it was mended, or is gone.

    Attributes:
        sender: Who asked for it to be stopped.
        cause: The named reason.
        reason: Why it is over, in words.
    """

    cause: QuarantineReason
    reason: _Text


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks for functions to be stopped, and for which named reason.

    Attributes:
        sender: The part that asks.
        cause: The named reason.
    """

    sender: str
    cause: QuarantineReason

    def over(self, why: str) -> ReasonOver:
        """What to tell the guard of a function that is not to be stopped any more."""
        return ReasonOver(sender=self.sender, cause=self.cause, reason=why)


Request: TypeAlias = Runaway | QuarantineRequest | ReasonOver

_R = TypeVar("_R", Runaway, QuarantineRequest, ReasonOver)
_TYPES: Final[dict[type[_Request], str]] = {
    Runaway: RUNAWAY,
    QuarantineRequest: QUARANTINE,
    ReasonOver: REASON_OVER,
}


def message(function: FunctionArn, request: Request, at: datetime) -> dict[str, object]:
    """The message that asks the guard about a function."""
    detail: dict[str, Any] = request.model_dump(mode="json", by_alias=True)
    return {
        "source": WARDEN_SOURCE,
        "detail-type": _TYPES[type(request)],
        "account": function.account,
        "region": function.region,
        "time": at.isoformat(),
        "detail": {"functionArn": str(function), **detail},
    }


def read_request(envelope: Envelope, kind: type[_R]) -> tuple[FunctionArn, _R]:
    """Read what `message` wrote.

    Raises:
        MalformedEventError: It names no function, or a field is missing or wrong.
    """
    function = named_function(envelope)
    return function, validated(kind, dict(envelope.detail), "a request to the guard")
