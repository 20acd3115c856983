"""Which functions deserve a new look. Pure."""

import hashlib
import json
import zlib
from datetime import date

from functions.shared.aws.listing import Listed
from functions.shared.config import SeverityPolicy, WardenConfig
from functions.shared.guarding.expiry import expiry_date, is_to_be_stopped


def digest(listed: Listed, config: WardenConfig, today: date, policy: str = "") -> str:
    """What a judgement of this function depends on; a change of it asks for a new judgement.

    The week is part of it, so that rules about dates (a runtime's end of support) speak in time,
    and so is whether the function's expiry has passed, and whether it is to be stopped for that,
    which deserve to be noticed on the day. So are severities that the settings changed: what is
    open already follows them, too.
    Each function's weeks begin on a day of its own: the estate is not looked at all at once.

    Args:
        listed: The function.
        config: The `warden` block.
        today: The day.
        policy: Digest of the policy in force; another policy judges everything anew.
    """
    tags = None if listed.tags is None else sorted(listed.tags.items())
    week = (today.toordinal() + zlib.crc32(str(listed.function).encode())) // 7
    expired = _is_expired(listed, config, today)
    parts = [listed.revision, listed.code_sha256, tags, week, expired, policy]
    if is_to_be_stopped(listed.tags or {}, config, today):
        parts.append("to be stopped")
    if config.severity != SeverityPolicy():
        parts.append(config.severity.model_dump_json(exclude_defaults=True))
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]


def _is_expired(listed: Listed, config: WardenConfig, today: date) -> bool:
    expiry = expiry_date((listed.tags or {}).get(config.tags.expiry_tag, ""))
    return expiry is not None and expiry < today
