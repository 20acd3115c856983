"""The one switch that stops all limiting at once: an item in the state table.

It is read before every action and needs no deployment, queue or function to be set. Restoring is
never stopped by it. A switch that cannot be read is taken for "stopped".
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from functions.shared.aws.clients import AwsError, error_code
from functions.shared.core.text import plain
from functions.shared.state.table import Table

_KEY: Final = ("GUARD", "SWITCH")


@dataclass(frozen=True, slots=True)
class Switch:
    """How the switch stands.

    Attributes:
        stopped: Whether nothing may be limited.
        by: Who set it last, empty if nobody ever did.
        at: When, as ISO 8601; empty if nobody ever did.
        why: What they said.
    """

    stopped: bool
    by: str = ""
    at: str = ""
    why: str = ""


def read_switch(table: Table) -> Switch:
    """How the switch stands.

    Raises:
        ClientError: It cannot be read.
        BotoCoreError: The table cannot be reached.
    """
    item = table.get(*_KEY)
    if item is None:
        return Switch(stopped=False)
    return Switch(
        # Whatever else stands there was written by somebody who meant to stop.
        stopped=item.get("stopped") is not False,
        by=str(item.get("by", "")),
        at=str(item.get("at", "")),
        why=str(item.get("why", "")),
    )


def set_switch(table: Table, *, stopped: bool, by: str, why: str, now: datetime) -> Switch:
    """Stop all limiting, or allow it again.

    Raises:
        ClientError: It cannot be written.
    """
    switch = Switch(stopped, plain(by, 200), now.isoformat(), plain(why, 500))
    table.put(
        {
            "pk": _KEY[0],
            "sk": _KEY[1],
            "stopped": stopped,
            "by": switch.by,
            "at": switch.at,
            "why": switch.why,
        }
    )
    return switch


def why_not(table: Table) -> str:
    """Why nothing may be limited now; empty when it may."""
    try:
        switch = read_switch(table)
    except AwsError as error:
        return f"the stop switch cannot be read ({error_code(error)})"
    if not switch.stopped:
        return ""
    return f"{switch.by or 'somebody'} stopped all actions at {switch.at}"
