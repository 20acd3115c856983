"""What others ask the guard for: typed messages on its queue."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Final, Literal, TypeAlias, TypeVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from functions.shared.config import QuarantineReason
from functions.shared.core.arn import FunctionArn
from functions.shared.events.change import MalformedEventError
from functions.shared.events.envelope import Envelope, own_message, validated
from functions.shared.events.message_types import MessageType
from functions.shared.events.read import named_function

LONGEST_REASON: Final = 500
"""Characters of a request's reason."""

MOST_OCCASIONS: Final = 50
"""Occasions that a request may name."""

_Count = Annotated[float, Field(ge=0, allow_inf_nan=False)]
_Text = Annotated[str, Field(max_length=LONGEST_REASON)]
_Occasion = Annotated[str, Field(min_length=1, max_length=100)]


DETECTOR: Final = "anomaly-detector"
"""The part that may say that a runaway is confirmed."""

ASKED_BY: Final[Mapping[QuarantineReason, str]] = {
    QuarantineReason.WORLD_OPEN_ATTACKED: "guard",
    QuarantineReason.KNOWN_EXPLOITED: "scanner",
    QuarantineReason.LIFECYCLE: "tag-enforcer",
}
"""The part that may ask for a function to be stopped, by the reason; the guard asks itself."""


class _Request(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)


class Runaway(_Request):
    """A function's use is confirmed to be far above what is usual for it.

    Attributes:
        since: When the anomaly began.
        concurrency: Newest highest number of invocations at once.
        usual_peak: The highest that is usual for it.
        invocations: Newest invocations in a period.
        usual_invocations: What is usual at this time.
        usd_an_hour: What it costs beyond the usual; 0 where that is not known.
        reason: The anomaly in words.
    """

    since: AwareDatetime
    concurrency: _Count
    usual_peak: _Count = Field(alias="usualPeak")
    invocations: _Count = 0.0
    usual_invocations: _Count = Field(0.0, alias="usualInvocations")
    usd_an_hour: _Count = Field(0.0, alias="usdAnHour")
    reason: _Text = ""


class QuarantineRequest(_Request):
    """Somebody has a named reason to stop a function altogether.

    Attributes:
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
        cause: The named reason.
        reason: Why it is over, in words.
    """

    cause: QuarantineReason
    reason: _Text


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks for functions to be stopped, and for which named reason.

    Attributes:
        cause: The named reason.
    """

    cause: QuarantineReason

    def over(self, why: str) -> ReasonOver:
        """What to tell the guard of a function that is not to be stopped any more."""
        return ReasonOver(cause=self.cause, reason=why)


Request: TypeAlias = Runaway | QuarantineRequest | ReasonOver

_R = TypeVar("_R", Runaway, QuarantineRequest, ReasonOver)
_TYPES: Final[dict[type[_Request], MessageType]] = {
    Runaway: MessageType.RUNAWAY_CONFIRMED,
    QuarantineRequest: MessageType.QUARANTINE_ASKED_FOR,
    ReasonOver: MessageType.QUARANTINE_REASON_OVER,
}


def message(function: FunctionArn, request: Request, at: datetime) -> dict[str, object]:
    """The message that asks the guard about a function."""
    detail: dict[str, Any] = request.model_dump(mode="json", by_alias=True)
    return own_message(_TYPES[type(request)], detail, about=function, at=at)


def read_request(
    envelope: Envelope, kind: type[_R], *, account: str, region: str
) -> tuple[FunctionArn, _R]:
    """Read what `message` wrote, and hold it against who sent it.

    Args:
        envelope: The message.
        kind: What it should be.
        account: The account that the guard acts in.
        region: The region that the guard acts in.

    Raises:
        MalformedEventError: It names no function of this account and region, a field is missing or
            wrong, or it comes from somebody who may not ask for this.
    """
    function = named_function(envelope)
    if (function.account, function.region) != (account, region):
        raise MalformedEventError("detail.functionArn: a function of another account or region")
    request = validated(kind, dict(envelope.detail), "a request to the guard")
    cause = getattr(request, "cause", None)
    allowed = DETECTOR if cause is None else ASKED_BY[cause]
    if envelope.sent_by != allowed:
        raise MalformedEventError(
            f"sent by {envelope.sent_by or 'somebody else than a part of Warden'}: only the "
            f"{allowed} may ask for this"
        )
    return function, request
