"""Waivers and silences for programs."""

from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from functions.shared.muting.matcher import Matcher
from functions.shared.muting.silence import Silence
from functions.shared.muting.waiver import Waiver


def waiver_json(waiver: Waiver, now: datetime) -> dict[str, Any]:
    """A waiver, and whether it accepts anything at present."""
    return {
        "id": waiver.id,
        "active": waiver.is_active(now),
        "matches": matcher_json(waiver.matcher),
        "owner": waiver.owner,
        "reason": waiver.reason,
        "expires": waiver.expires.isoformat(timespec="seconds"),
        "created_at": waiver.created_at.isoformat(timespec="seconds"),
        "created_by": waiver.created_by,
        "source": waiver.source,
    }


def silence_json(silence: Silence, now: datetime) -> dict[str, Any]:
    """A silence, and whether it silences anything at present."""
    return {
        "id": silence.id,
        "active": silence.is_active(now),
        "matches": matcher_json(silence.matcher),
        "reason": silence.reason,
        "by": silence.by,
        "starts": silence.starts.isoformat(timespec="seconds"),
        "ends": silence.ends.isoformat(timespec="seconds"),
    }


def matcher_json(matcher: Matcher) -> dict[str, str]:
    """The conditions that there are."""
    conditions = asdict(matcher)
    return {one.name: conditions[one.name] for one in fields(matcher) if conditions[one.name]}
