"""What the detector remembers of the account from tick to tick, and its item in the table."""

from dataclasses import dataclass, field
from typing import Final

from pydantic import TypeAdapter, ValidationError

from functions.anomaly_detector.account.calls import Call
from functions.anomaly_detector.account.runaway import AccountIncident
from functions.anomaly_detector.account.wakes import Wakes
from functions.shared.runtime.deployment import Deployment

_KEY: Final = ("DETECTOR", "ACCOUNT")


@dataclass(frozen=True, slots=True)
class AccountState:
    """What is remembered of the account.

    Attributes:
        call: When everybody was last looked at because the account stood out; None for never.
        incident: Its own runaway, while there is one.
        wakes: What everybody was last looked at for.
    """

    call: Call | None = None
    incident: AccountIncident | None = None
    wakes: Wakes = field(default_factory=Wakes)


_TEXT: Final = TypeAdapter(AccountState)


def account_state(warden: Deployment) -> AccountState:
    """What is remembered of the account since the tick before."""
    item = warden.table.get(*_KEY)
    return from_text(str(item["state"])) if item else AccountState()


def keep_account_state(warden: Deployment, state: AccountState) -> None:
    """Remember it for the next tick."""
    warden.table.update(*_KEY, {"state": to_text(state)})


def to_text(state: AccountState) -> str:
    """For the state table; `from_text` reads it back."""
    return _TEXT.dump_json(state).decode()


def from_text(text: str) -> AccountState:
    """Read what `to_text` wrote; an empty state where another version wrote it."""
    try:
        return _TEXT.validate_json(text)
    except ValidationError:
        return AccountState()
