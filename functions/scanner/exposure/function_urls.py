"""Who gets through a function URL. Pure."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Final

from functions.scanner.exposure.callers import Home
from functions.scanner.exposure.openings import url_is_open
from functions.shared.core.policy_document import Policy
from functions.shared.core.reading import Known, Reading
from functions.shared.events.change import UrlAccess

_FILE: Final = Path(__file__).parent.parent / "data" / "function_urls.json"


class Reach(StrEnum):
    """How far a function URL reaches beyond the account."""

    INTERNET = "anybody on the internet"
    EVERY_ACCOUNT = "anybody with an AWS account"
    NOBODY = "nobody, although it asks for no authentication"
    NETWORK = "anybody in a network that the policy names"
    INSIDE = "only callers whom the policy names"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class _Dates:
    source: str
    for_new: date
    for_all: date


@cache
def _dates() -> _Dates:
    document = json.loads(_FILE.read_text(encoding="utf-8"))
    return _Dates(
        document["source"],
        date.fromisoformat(document["both_permissions_for_new_since"]),
        date.fromisoformat(document["both_permissions_for_all_since"]),
    )


def needs_both(url: UrlAccess, today: date) -> bool:
    """Whether callers of a URL need two permissions; of an undated one, only when all do."""
    dates = _dates()
    made = url.created_at.date() if url.created_at else date.min
    return today >= dates.for_all or made >= dates.for_new


def reach(
    url: UrlAccess, policy: Reading[Policy], home: Home, trusted: Collection[str] = ()
) -> Reach:
    """How far a URL reaches.

    Args:
        url: The URL.
        policy: The policy of what it belongs to: the function, or an alias.
        home: The same place.
        trusted: Accounts that are not from outside.
    """
    # A type that is not known may let anybody in.
    auth_type = "AWS_IAM" if url.auth_type == "AWS_IAM" else "NONE"
    if not isinstance(policy, Known):
        return Reach.UNKNOWN
    both = needs_both(url, home.now.date())
    opened, within = (
        url_is_open(policy.value, auth_type, home, needs_both=both, trusted=trusted, inside=inside)
        for inside in (False, True)
    )
    if opened is None or within is None:
        return Reach.UNKNOWN
    if opened:
        return Reach.EVERY_ACCOUNT if auth_type == "AWS_IAM" else Reach.INTERNET
    if within:
        return Reach.NETWORK
    return Reach.INSIDE if auth_type == "AWS_IAM" else Reach.NOBODY
