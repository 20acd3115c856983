"""Every function belongs to a known environment: thresholds and actions depend on it."""

from datetime import date
from typing import Final

from functions.shared.alerting.finding import Finding, Kind, Verdict
from functions.shared.config import TagPolicy
from functions.shared.core.severity import Severity
from functions.shared.core.text import plain
from functions.tag_enforcer.tagged import TaggedFunction

RULE: Final = "environment-tag"


def check(tagged: TaggedFunction, policy: TagPolicy, _: date) -> Verdict:
    """Fail when the environment tag is missing or none of the policy's environments."""
    environment = tagged.tags.get(policy.environment_tag, "").strip()
    if environment in policy.environments:
        return Verdict(RULE)
    allowed = ", ".join(policy.environments)
    if environment:
        title = "Unknown environment"
        reason = (
            f"The tag {policy.environment_tag!r} is {plain(environment, 100)!r}; "
            f"the policy knows {allowed}."
        )
    else:
        title = "No environment"
        reason = (
            f"The function has no tag {policy.environment_tag!r}: whether it may be stopped or "
            "removed cannot be decided."
        )
    finding = Finding(
        rule=RULE,
        kind=Kind.TAGGING,
        severity=Severity.MEDIUM,
        severity_reason="The function works; what may be done to it in an incident is undecided.",
        function=tagged.function,
        title=title,
        reason=reason,
        remedy=f"Tag the function {policy.environment_tag}=<one of {allowed}>.",
        evidence={"tag": policy.environment_tag, "value": environment},
        update_key=environment,
    )
    return Verdict(RULE, (finding,))
