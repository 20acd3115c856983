"""What an execution role may do that is wider than any function needs. Pure.

Grammar: IAM user guide, "IAM JSON policy elements". Only what a policy allows is judged; a
permissions boundary, a service control policy or a denying statement may take some of it away.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

_EVERY_RESOURCE: Final = re.compile(r"\*|arn:[^:]*:[^:]*:\*?:\*?:\*")
# Whoever may do everything in these services can give itself the rest.
_POWERFUL: Final = frozenset({"iam", "organizations", "sso", "sts"})


@dataclass(frozen=True, slots=True, order=True)
class WideRight:
    """A right that a policy gives over everything of its kind.

    Attributes:
        policy: The policy's name.
        right: `*`, `service:*`, or `all but ...`.
        administrator: True when it amounts to, or leads to, every right in the account.
    """

    policy: str
    right: str
    administrator: bool


def wide_rights(policy: str, document: Mapping[str, Any]) -> list[WideRight]:
    """The wide rights of one policy document.

    A statement with a condition is left out: what the condition excludes cannot be told here.
    """
    rights = []
    for statement in _listed(document.get("Statement")):
        if statement.get("Effect") != "Allow" or statement.get("Condition"):
            continue
        if not _concerns_everything(statement):
            continue
        if "NotAction" in statement:
            spared = ", ".join(sorted(map(str, _listed(statement["NotAction"]))))
            rights.append(WideRight(policy, f"all but {spared}", administrator=True))
        for action in map(str, _listed(statement.get("Action"))):
            service, _, name = action.lower().partition(":")
            if set(action) <= {"*", ":"}:
                rights.append(WideRight(policy, "*", administrator=True))
            elif name and set(name) <= {"*"}:
                right = f"{service}:*"
                rights.append(WideRight(policy, right, administrator=service in _POWERFUL))
    return sorted(set(rights))


def _concerns_everything(statement: Mapping[str, Any]) -> bool:
    if "NotResource" in statement:
        return True
    return any(_EVERY_RESOURCE.fullmatch(str(one)) for one in _listed(statement.get("Resource")))


def _listed(value: object) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
