"""Who put a message into a queue, as SQS says it.

SQS notes the caller of SendMessage with each message (`SenderId`), and no caller can choose it: for
a role it is the role's unique id, a colon, and the session's name. Only the part before the colon
is believed, because whoever assumes a role chooses the session's name.
Source: Amazon SQS API reference, "ReceiveMessage", attribute SenderId; IAM user guide, "Unique
identifiers".
"""

from collections.abc import Mapping
from typing import Final

STRANGER: Final = ""
"""The name of a sender that is none of Warden's parts: EventBridge, a person, anybody else."""


def sender_of(sender_id: str, roles: Mapping[str, str]) -> str:
    """The part of Warden that sent a message.

    Args:
        sender_id: What SQS noted.
        roles: Unique ids of the roles of Warden's parts, by the part's name.

    Returns:
        The part's name; `STRANGER` where it is none of them.
    """
    role = sender_id.partition(":")[0]
    return next((part for part, known in roles.items() if known and known == role), STRANGER)
