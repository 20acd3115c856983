"""The EventBridge envelope around everything that arrives on a queue."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, TypeVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from functions.shared.core.text import plain
from functions.shared.events.change import MalformedEventError

WARDEN_SOURCE: Final = "lambda.warden"

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

    def happened_at(self, now: datetime) -> datetime:
        """When the event happened; `now` where the envelope carries no time."""
        return self.time or now


def read_envelope(body: str) -> Envelope:
    """Parse a message body.

    Raises:
        MalformedEventError: The body is no JSON object of EventBridge's shape.
    """
    try:
        document = json.loads(body)
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
        raise MalformedEventError(f"not {what}: {_faults(error, whole)}") from error


def _faults(error: ValidationError, whole: str) -> str:
    """Field and expectation of each fault, without the values."""
    found = error.errors(include_input=False, include_url=False)
    shown = [".".join((whole, *map(str, item["loc"]))) + f": {item['msg']}" for item in found]
    return plain("; ".join(shown), 500)
