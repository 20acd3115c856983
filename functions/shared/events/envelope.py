"""The EventBridge envelope around everything that arrives on a queue."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, PrivateAttr, ValidationError

from functions.shared.core.arn import FunctionArn
from functions.shared.core.faults import faults
from functions.shared.events.change import MalformedEventError
from functions.shared.events.message_types import WARDEN_SOURCE, MessageType

_M = TypeVar("_M", bound=BaseModel)


class Envelope(BaseModel):
    """An event as EventBridge delivers it, limited to what Warden reads.

    Source: the EventBridge user guide, "Events structure". Warden's own messages (source
    `lambda.warden`) use the same shape, so that one queue carries both.
    """

    model_config = ConfigDict(frozen=True, populate_by_name=True, extra="ignore")

    source: str
    detail_type: str = Field(alias="detail-type")
    detail: Mapping[str, Any]
    account: str = ""
    region: str = ""
    time: AwareDatetime | None = None
    id: str = ""
    resources: tuple[str, ...] = ()
    # Private: no field of a message's body can set it.
    _sent_by: str = PrivateAttr("")

    @property
    def sent_by(self) -> str:
        """The part of Warden that put the message into the queue, as SQS says; empty for others."""
        return self._sent_by

    def from_sender(self, part: str) -> "Envelope":
        """The same message with its sender."""
        self._sent_by = part
        return self

    def happened_at(self, now: datetime) -> datetime:
        """When the event happened, by its own account, and never later than now.

        `now` where the envelope carries no time.
        """
        return min(self.time or now, now)

    @property
    def own_type(self) -> MessageType | None:
        """Which of Warden's own messages it is; None for an event of somebody else."""
        if self.source != WARDEN_SOURCE:
            return None
        try:
            return MessageType(self.detail_type)
        except ValueError:
            return None


def own_message(
    kind: MessageType,
    detail: Mapping[str, object] | None = None,
    *,
    about: FunctionArn | None = None,
    at: datetime | None = None,
) -> dict[str, object]:
    """One of Warden's own messages, ready for a queue or a bus; `read_envelope` understands it.

    Args:
        kind: What it says.
        detail: The fields that belong to its kind.
        about: The function that it is about, if it is about one.
        at: When what it tells of happened, aware.
    """
    place = {"account": about.account, "region": about.region} if about else {}
    named = {"functionArn": str(about)} if about else {}
    return {
        "source": WARDEN_SOURCE,
        "detail-type": kind.value,
        **place,
        **({"time": at.isoformat()} if at else {}),
        "detail": {**named, **(detail or {})},
    }


def read_envelope(body: str) -> Envelope:
    """Parse a message body.

    Raises:
        MalformedEventError: The body is no JSON object of EventBridge's shape.
    """
    try:
        document = json.loads(body)
        if "\\ud" in body.lower():
            # JSON can spell half a character, which nothing can store: it becomes a question mark.
            whole = json.dumps(document, ensure_ascii=False).encode(errors="replace")
            document = json.loads(whole)
    except (ValueError, RecursionError) as error:
        raise MalformedEventError(
            "body: not JSON; expected an EventBridge event", found=str(error)
        ) from error
    return as_envelope(document)


def as_envelope(document: object) -> Envelope:
    """Validate a parsed document.

    Raises:
        MalformedEventError: A field is missing or of the wrong type; all of them are named.
    """
    return validated(Envelope, document, "an EventBridge event", whole="body")


def validated(kind: type[_M], document: object, what: str, *, whole: str = "detail") -> _M:
    """A document as what it should be.

    Args:
        kind: What it should be.
        document: What came.
        what: What it should be, for people.
        whole: What the document is called in the message.

    Raises:
        MalformedEventError: A field is missing or of the wrong type; all of them are named.
    """
    try:
        return kind.model_validate(document)
    except ValidationError as error:
        raise MalformedEventError(f"not {what}: {faults(error, whole)}") from error
