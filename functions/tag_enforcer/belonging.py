"""Where a function belongs and who owns it, with the evidence for both. Pure."""

import re
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from typing import Final

from functions.shared.config import TagPolicy
from functions.shared.core.text import plain
from functions.shared.policy.model import Exemption, KnownBy, OwnedBy, Policy
from functions.tag_enforcer.tagged import TaggedFunction
from functions.tag_enforcer.understand import understand

_EMAIL: Final = re.compile(r"[^@\s/]{1,64}@[^@\s/]{1,190}")
_TAG: Final = "its tag"


@dataclass(frozen=True, slots=True)
class Belonging:
    """Whose a function is, and where it belongs.

    Attributes:
        environment: The environment; empty: unclassified.
        environment_by: How that is known, for a sentence; empty where it is not.
        owner: The owner; empty where nobody can be inferred.
        owner_by: How that is known.
    """

    environment: str = ""
    environment_by: str = ""
    owner: str = ""
    owner_by: str = ""

    @property
    def is_owner_inferred(self) -> bool:
        """Whether the owner is known by something else than a tag of the function."""
        return bool(self.owner) and not self.owner_by.startswith(_TAG)


def belonging(one: TaggedFunction, policy: Policy, names: TagPolicy) -> Belonging:
    """What the function itself, its stack, and the policy's patterns say, in this order."""
    environment, environment_by = _environment(one, policy, names)
    owner, owner_by = _owner(one, policy, names)
    return Belonging(environment, environment_by, owner, owner_by)


def exemption(one: TaggedFunction, policy: Policy, today: date) -> Exemption | None:
    """The exemption that is in force for a function; the one that lasts longest."""
    fitting = [row for row in policy.exemptions if row.expires >= today and _exempts(row, one)]
    return max(fitting, key=lambda row: row.expires, default=None)


def _exempts(row: Exemption, one: TaggedFunction) -> bool:
    if row.account:
        return row.account == one.function.account
    if row.arn:
        return fnmatchcase(str(one.function), row.arn)
    key, _, value = row.tag.partition("=")
    return key in one.tags and (not value or one.tags[key] == value)


def _environment(one: TaggedFunction, policy: Policy, names: TagPolicy) -> tuple[str, str]:
    own = understand(one.tags, policy, names)["environment"]
    if own.meant:
        return own.meant, f"{_TAG} {plain(own.found_key, 60)}={plain(own.value, 60)}"
    if one.stack_tags:
        theirs = understand(one.stack_tags, policy, names)["environment"]
        if theirs.meant:
            return theirs.meant, (
                f"the tag {plain(theirs.found_key, 60)}={plain(theirs.value, 60)} of its stack "
                f"{plain(one.stack, 128)}"
            )
    for row in policy.known_by:
        if shown := _known(row, one):
            return row.environment, f"the policy's pattern {shown}"
    return "", ""


def _known(row: KnownBy, one: TaggedFunction) -> str:
    """The pattern that a function meets, for people; empty where it does not meet all of a row."""
    patterns = {
        "account": (row.account, one.function.account),
        "name": (row.name, one.function.name),
        "arn": (row.arn, str(one.function)),
    }
    said = {name: pair for name, pair in patterns.items() if pair[0]}
    if not all(fnmatchcase(text, pattern) for pattern, text in said.values()):
        return ""
    return ", ".join(f"{name} {pattern}" for name, (pattern, _) in said.items())


def _owner(one: TaggedFunction, policy: Policy, names: TagPolicy) -> tuple[str, str]:
    own = understand(one.tags, policy, names)["owner"]
    if own.meant:
        return own.meant, f"{_TAG} {plain(own.found_key, 60)}"
    if one.stack_tags:
        theirs = understand(one.stack_tags, policy, names)["owner"]
        if theirs.meant:
            key, stack = plain(theirs.found_key, 60), plain(one.stack, 128)
            return theirs.meant, f"the tag {key} of its stack {stack}"
    for row in policy.owned_by:
        if shown := _owned(row, one):
            return row.owner, f"the policy's pattern {shown}"
    if _EMAIL.fullmatch(one.deployer):
        return one.deployer, "the identity that deployed it last"
    if one.former_owner:
        return one.former_owner, "the owner of the earlier function of this name"
    return "", ""


def _owned(row: OwnedBy, one: TaggedFunction) -> str:
    patterns = {
        "deployer": (row.deployer, one.deployer),
        "repository": (row.repository, one.repository),
        "stack": (row.stack, one.stack),
    }
    said = {name: pair for name, pair in patterns.items() if pair[0]}
    if not all(text and fnmatchcase(text, pattern) for pattern, text in said.values()):
        return ""
    return ", ".join(
        f"{name} {pattern} ({plain(text, 80)})" for name, (pattern, text) in said.items()
    )
