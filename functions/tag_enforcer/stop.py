"""Whether an expired function is to be stopped, and what the guard is told of it. Pure."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from functions.shared.config import QuarantineReason, WardenConfig
from functions.shared.core.tag_value import shown_tag
from functions.shared.core.text import plain
from functions.shared.guarding.expiry import expiry_date, is_to_be_stopped
from functions.shared.guarding.requests import LONGEST_REASON, Asker, QuarantineRequest

ASKER: Final = Asker(QuarantineReason.LIFECYCLE)


def request_to_stop(
    tags: Mapping[str, str], config: WardenConfig, today: date
) -> QuarantineRequest | None:
    """What to ask the guard about a function; None where policy does not want it stopped.

    The expiry date is what it is about: a function that a person let run again in spite of it is
    stopped again only for another date.
    """
    expiry = expiry_date(tags.get(config.tags.expiry_tag, ""))
    if expiry is None or not is_to_be_stopped(tags, config, today):
        return None
    owner = shown_tag(tags.get(config.tags.owner_tag, ""))
    days = (today - expiry).days
    reason = (
        f"It should have been removed by {expiry} (tag {config.tags.expiry_tag!r}); that was "
        f"{days} day{'s' if days != 1 else ''} ago. "
        + (f"Its owner is {owner}." if owner else "It has no owner tag.")
        + " Remove it, or give it a new expiry date: then it runs again."
    )
    return QuarantineRequest(
        cause=ASKER.cause,
        reason=plain(reason, LONGEST_REASON),
        occasions=(f"expired {expiry}",),
    )
