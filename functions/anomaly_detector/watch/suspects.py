"""Functions that are looked at every minute for a while: just deployed, or under suspicion."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from functions.shared.runtime.deployment import Deployment

INCIDENT: Final = "incident"
DEPLOYMENT: Final = "deployment"

_SUSPECTS: Final = "SUSPECTS"
_START: Final = "name:"


@dataclass(frozen=True, slots=True)
class Suspect:
    """One of them.

    Attributes:
        name: The function's name.
        why: `DEPLOYMENT` or `INCIDENT`.
        since: When it became one.
    """

    name: str
    why: str
    since: datetime


def suspect(warden: Deployment, name: str, why: str, *, since: datetime, until: datetime) -> None:
    """Have a function looked at every minute from now until a time.

    An item, not a message: the tick, which comes every minute, reads all of them with one query.
    """
    warden.table.put(
        {
            "pk": _SUSPECTS,
            # A deployment of a suspect, such as its rollback, does not end the suspicion.
            "sk": f"{_START}{name}#{why}",
            "name": name,
            "until": until.isoformat(),
            "why": why,
            "since": since.isoformat(),
            "expires_at": int(until.timestamp()),
        }
    )


def suspects(warden: Deployment, now: datetime) -> Iterator[Suspect]:
    """The functions to look at now; one may be there for both reasons."""
    for item in warden.table.query(_SUSPECTS, _START):
        if datetime.fromisoformat(str(item["until"])) > now:
            yield Suspect(
                name=str(item["name"]),
                why=str(item["why"]),
                since=datetime.fromisoformat(str(item["since"])),
            )
