"""A resource policy that lets anyone call the function: an open bill and an open door.

The whole policy is evaluated, Deny statements and conditions included, for a caller of an account
that nobody knows. Source: AWS Lambda developer guide, "Working with resource-based policies in
Lambda".
"""

import re
from collections.abc import Sequence
from typing import Final

from functions.scanner.exposure.callers import Home
from functions.scanner.exposure.openings import INVOKE, Opening, Who, openings
from functions.scanner.facts import FunctionFacts, Setting
from functions.shared.alerting.finding import Finding, Kind, Verdict
from functions.shared.core.reading import Unknown
from functions.shared.core.severity import Severity
from functions.shared.core.text import listed, plain

RULE: Final = "world-open-policy"

_LINK: Final = "https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html"
# Source: AWS Lambda API reference, RemovePermission, `StatementId`.
_SID: Final = r"[a-zA-Z0-9-_.]{1,100}"


def check(facts: FunctionFacts, setting: Setting) -> Verdict:
    """Fail when anybody may call the function, from anywhere or from a network that is named.

    What only serves a function URL is judged with the URL, not here: one fault, one alert.
    """
    if isinstance(facts.policy, Unknown):
        return Verdict(RULE, certain=False)
    home = Home(facts.function, setting.now, facts.qualifier)
    found = openings(facts.policy.value, home, setting.policy.trusted_accounts)
    findings = [
        *(_everybody(facts, one) for one in found.of(Who.EVERYBODY)),
        *(_network(facts, one) for one in found.of(Who.NETWORK)),
    ]
    return Verdict(RULE, tuple(findings), certain=found.complete)


def _everybody(facts: FunctionFacts, opening: Opening) -> Finding:
    sids = [plain(sid, 100) for sid in opening.statements]
    return Finding(
        rule=RULE,
        kind=Kind.EXPOSURE,
        severity=Severity.CRITICAL,
        severity_reason="Anyone with an AWS account can run the function now, and need not be "
        "known to you."
        if INVOKE in opening.actions
        else "Anyone with an AWS account can do this now, and need not be known to you.",
        function=facts.function,
        title="Anyone can invoke this function"
        if INVOKE in opening.actions
        else "Anyone can use this function's API",
        reason=f"The resource policy allows everyone ('*') {_what(opening)} in statement "
        f"{listed(sids)}, and no condition and no Deny keeps strangers out.",
        remedy="Name the principal, the source ARN or the organization it is meant for, or remove "
        f"it{_command(facts, sids)}",
        evidence={"statements": sids, "actions": list(opening.actions)},
        links=(_LINK,),
        update_key=",".join(sorted(sids)),
    )


def _network(facts: FunctionFacts, opening: Opening) -> Finding:
    sids = [plain(sid, 100) for sid in opening.statements]
    limits = [plain(limit, 150) for limit in opening.limits]
    return Finding(
        rule=RULE,
        kind=Kind.EXPOSURE,
        severity=Severity.LOW,
        severity_reason="It is narrowed down to networks; within them, anyone with an AWS account "
        "may do it.",
        function=facts.function,
        subject="network",
        title="Anyone in a network can invoke this function",
        reason=f"The resource policy allows everyone ('*') {_what(opening)} in statement "
        f"{listed(sids)}, narrowed down by {listed(limits)}: where a caller is, not who.",
        remedy="Add a condition on the caller's account or organization (aws:PrincipalAccount, "
        "aws:PrincipalOrgID), or name the principal.",
        evidence={"statements": sids, "actions": list(opening.actions), "limits": limits},
        links=(_LINK,),
        update_key=",".join([*sorted(sids), *limits]),
    )


def _what(opening: Opening) -> str:
    if INVOKE in opening.actions:
        return "to invoke the function"
    return f"to call {listed([plain(action, 80) for action in opening.actions])}"


def _command(facts: FunctionFacts, sids: Sequence[str]) -> str:
    """How to remove the statement, where it can be named in a command."""
    if len(sids) > 1 or not re.fullmatch(_SID, sids[0]):
        return " with aws lambda remove-permission."
    function = facts.function
    qualifier = f" --qualifier {facts.qualifier}" if facts.qualifier else ""
    return (
        f": aws lambda remove-permission --region {function.region} "
        f"--function-name {function.name}{qualifier} --statement-id {sids[0]}"
    )
