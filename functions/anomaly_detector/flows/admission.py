"""Whether a configured source is the caller that traces name. Pure.

Where both sides know a name, the names must match, and the accounts always must. A kind alone
suffices only where the two names differ by nature, or where one side has none.
"""

from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Final

from functions.shared.flows.peer import Peer

# X-Ray calls an API by its name and stage, a policy by its id, and neither tells the other.
_NAMED_APART: Final = frozenset({"apigateway"})


class Admission(StrEnum):
    """How well a configured source fits a traced caller."""

    BY_NAME = "by name"
    BY_KIND = "by kind only"
    NONE = "not at all"


def admission(source: Peer, caller: Peer) -> Admission:
    """How a configured source admits a caller that only traces name.

    A caller of another account is never admitted by its kind.

    Args:
        source: What the function's configuration shows; its name may have wildcards.
        caller: What traces show.
    """
    if not caller.is_aws_service or source.kind != caller.kind:
        return Admission.NONE
    if source.account != caller.account:
        return Admission.NONE
    if source.name and caller.name and fnmatchcase(caller.name, source.name):
        return Admission.BY_NAME
    nameless = not source.name or not caller.name
    if not caller.account and (nameless or source.kind in _NAMED_APART):
        return Admission.BY_KIND
    return Admission.NONE
