"""A service event on its way to the default bus, read tolerantly from EventBridge JSON."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from demo.local_aws.errors import RefusedError


@dataclass(frozen=True, slots=True)
class ServiceEvent:
    """One EventBridge event.

    Attributes:
        source: who sends it, such as ``aws.lambda``.
        detail_type: what it is about.
        detail: its content.
        time: when it happened.
        account: account it happened in; None for the one of the bus.
        region: region it happened in; None for the one of the bus.
        resources: ARNs it is about.
        identity: its id.
    """

    source: str
    detail_type: str
    detail: Mapping[str, Any]
    time: datetime
    account: str | None = None
    region: str | None = None
    resources: tuple[str, ...] = ()
    identity: str = field(default_factory=lambda: str(uuid.uuid4()))


def read_event(raw: object) -> ServiceEvent:
    """Read an event in EventBridge's JSON form.

    Raises:
        RefusedError: it is no object, or ``source``, ``detail-type``, ``detail`` or
            ``time`` is missing or of another type; the message names the field.
    """
    if not isinstance(raw, Mapping):
        raise RefusedError("event: must be a JSON object")
    detail = raw.get("detail")
    if not isinstance(detail, Mapping):
        raise RefusedError("detail: must be a JSON object")
    return ServiceEvent(
        source=_text(raw, "source"),
        detail_type=_text(raw, "detail-type"),
        detail=detail,
        time=_time(raw.get("time")),
        account=_optional_text(raw, "account"),
        region=_optional_text(raw, "region"),
        resources=tuple(str(one) for one in raw.get("resources") or ()),
        identity=_optional_text(raw, "id") or str(uuid.uuid4()),
    )


def _text(raw: Mapping[str, Any], name: str) -> str:
    value = raw.get(name)
    if not isinstance(value, str) or not value:
        raise RefusedError(f"{name}: must be a text that is not empty")
    return value


def _optional_text(raw: Mapping[str, Any], name: str) -> str | None:
    return None if raw.get(name) is None else _text(raw, name)


def _time(value: object) -> datetime:
    if value is None:
        return datetime.now(UTC)
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        raise RefusedError("time: must be an ISO 8601 time, such as 2026-01-31T12:00:00Z") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
