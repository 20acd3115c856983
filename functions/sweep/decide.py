"""Which functions deserve a new look. Pure."""

import hashlib
import json
import zlib
from datetime import date

from functions.shared.config import TagPolicy
from functions.shared.listing import Listed


def digest(listed: Listed, policy: TagPolicy, today: date) -> str:
    """What a judgement of this function depends on; a change of it asks for a new judgement.

    The week is part of it, so that rules about dates (a runtime's end of support) speak in time,
    and so is whether the function's expiry has passed, which deserves to be noticed on the day.
    Each function's weeks begin on a day of its own: the estate is not looked at all at once.
    """
    tags = None if listed.tags is None else sorted(listed.tags.items())
    week = (today.toordinal() + zlib.crc32(str(listed.function).encode())) // 7
    parts = [listed.revision, listed.code_sha256, tags, week, _is_expired(listed, policy, today)]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]


def _is_expired(listed: Listed, policy: TagPolicy, today: date) -> bool:
    try:
        return date.fromisoformat((listed.tags or {}).get(policy.expiry_tag, "").strip()) < today
    except ValueError:
        return False
