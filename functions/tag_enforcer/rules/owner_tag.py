"""Every function has an owner: otherwise nobody answers when it breaks or costs."""

import re
from datetime import date
from typing import Final

from functions.shared.alerting.finding import Finding, Kind, Verdict
from functions.shared.config import TagPolicy
from functions.shared.core.severity import Severity
from functions.shared.core.text import plain
from functions.tag_enforcer.tagged import TaggedFunction

RULE: Final = "owner-tag"


def check(tagged: TaggedFunction, policy: TagPolicy, _: date) -> Verdict:
    """Fail when the owner tag is missing, empty, or no team or address."""
    owner = tagged.tags.get(policy.owner_tag, "").strip()
    if owner and re.fullmatch(policy.owner_pattern, owner):
        return Verdict(RULE)
    if owner:
        title = "Owner tag names nobody"
        reason = (
            f"The tag {policy.owner_tag!r} is {plain(owner, 100)!r}, which does not match the "
            f"policy's pattern {policy.owner_pattern}."
        )
    else:
        title = "No owner"
        reason = (
            f"The function has no tag {policy.owner_tag!r}: nobody can be asked when it fails, "
            "leaks or costs too much."
        )
    finding = Finding(
        rule=RULE,
        kind=Kind.TAGGING,
        severity=Severity.HIGH,
        severity_reason="Every other alert about this function reaches nobody who knows it.",
        function=tagged.function,
        title=title,
        reason=reason,
        remedy=f"Tag the function {policy.owner_tag}=<team or address>, in the code that "
        "deploys it, so that the next deployment keeps it.",
        evidence={"tag": policy.owner_tag, "value": owner, "tags": sorted(tagged.tags)},
        update_key=title,
    )
    return Verdict(RULE, (finding,))
