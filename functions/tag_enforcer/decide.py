"""Whether a function's tags keep the policy, and whether it is time to say so. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from functions.shared.alerting.finding import Finding, Kind, Verdict
from functions.shared.config import TagPolicy
from functions.shared.core.arn import FunctionArn
from functions.shared.core.reading import Reading, Unknown
from functions.shared.core.severity import Severity
from functions.shared.policy.model import Policy
from functions.tag_enforcer.judged import JudgedFunction, judge
from functions.tag_enforcer.rules import IDS, RULES, UNREADABLE
from functions.tag_enforcer.tagged import TaggedFunction


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do about a function's tags.

    Attributes:
        verdicts: What the rules say; empty while judgement is put off.
        look_again_at: When to judge instead, None when judged now.
        reason: Why, in one sentence.
        judged: What the policy makes of it; None where its tags are unknown.
    """

    verdicts: tuple[Verdict, ...]
    look_again_at: datetime | None
    reason: str
    judged: JudgedFunction | None = None


def decide(
    function: FunctionArn,
    tagged: Reading[TaggedFunction],
    *,
    changed_at: datetime,
    policy: Policy,
    names: TagPolicy,
    now: datetime,
) -> Decision:
    """Judge a function's tags.

    Within the grace period after it was created, deployed or tagged a function that breaks a rule
    is looked at again when the period ends: many tools tag a function in a second call. A function
    that keeps every rule passes at once. Tags that could not be read are a finding of their own,
    never "untagged".

    Args:
        function: The function.
        tagged: Its tags, and what else tells whose it is.
        changed_at: When its grace period began.
        policy: The policy in force.
        names: What the settings call the tags, and how long the grace period is.
        now: The time.
    """
    if isinstance(tagged, Unknown):
        return Decision(_cannot_tell(function, tagged), None, tagged.cause)
    judged = judge(tagged.value, policy, names, now.date())
    verdicts = tuple(rule(judged, now.date()) for rule in RULES)
    broken = [verdict.rule for verdict in verdicts if verdict.findings]
    grace_ends = changed_at + timedelta(minutes=names.grace_minutes)
    if broken and now < grace_ends:
        reason = f"in its grace period, breaks {', '.join(broken)}"
        return Decision((), grace_ends, reason, judged)
    reason = f"breaks {', '.join(broken)}" if broken else "keeps every rule"
    if judged.exemption:
        reason = f"exempt until {judged.exemption.expires}: {judged.exemption.reason}"
    return Decision((*verdicts, Verdict(UNREADABLE)), None, reason, judged)


def _cannot_tell(function: FunctionArn, unknown: Unknown) -> tuple[Verdict, ...]:
    finding = Finding(
        rule=UNREADABLE,
        kind=Kind.COVERAGE,
        severity=Severity.LOW if unknown.missing else Severity.MEDIUM,
        severity_reason="AWS says that the function does not exist."
        if unknown.missing
        else "Alerts about the function may reach nobody, and no action can be decided.",
        function=function,
        title="Tags could not be read",
        reason=(
            f"Whether the function has an owner, an environment and an expiry date is unknown "
            f"({unknown.cause})."
            + (" It is gone already, or lives where Warden cannot look." if unknown.missing else "")
        ),
        remedy="Nothing, if the function was removed. Otherwise let the tag-enforcer's role call "
        "lambda:ListTags on it.",
        evidence={"cause": unknown.cause},
        update_key=unknown.cause,
    )
    return (
        Verdict(UNREADABLE, (finding,), certain=False),
        *(Verdict(rule, certain=False) for rule in IDS),
    )
