"""A resource policy that lets anyone call the function: an open bill and an open door.

Source: AWS Lambda developer guide, "Viewing resource-based IAM policies in Lambda"; the condition
keys that narrow a principal are those of the IAM user guide, "AWS global condition context keys".
"""

import re
from collections.abc import Sequence
from typing import Final

from functions.scanner.facts import FunctionFacts, Setting
from functions.shared.alerting.finding import Finding, Kind, Verdict
from functions.shared.aws.access import Statement
from functions.shared.core.arn import FunctionArn
from functions.shared.core.reading import Unknown
from functions.shared.core.severity import Severity
from functions.shared.core.text import listed, plain

RULE: Final = "world-open-policy"

# Source: AWS Lambda API reference, RemovePermission, `StatementId`.
_SID: Final = r"[a-zA-Z0-9-_.]{1,100}"

_NARROWING: Final = frozenset(
    {
        "aws:principalaccount",
        "aws:principalarn",
        "aws:principalorgid",
        "aws:principalorgpaths",
        "aws:sourceaccount",
        "aws:sourcearn",
        "aws:sourceorgid",
        "aws:sourceorgpaths",
        "aws:sourcevpc",
        "aws:sourcevpce",
        "aws:userid",
        "lambda:eventsourcetoken",
    }
)
_URL_ONLY: Final = frozenset({"lambda:functionurlauthtype", "lambda:invokedviafunctionurl"})


def check(facts: FunctionFacts, _: Setting) -> Verdict:
    """Fail when a statement allows everyone and no condition narrows it.

    Statements that only serve a function URL are judged with the URL, not here: one fault, one
    alert.
    """
    if isinstance(facts.policy, Unknown):
        return Verdict(RULE, certain=False)
    opened = [statement for statement in facts.policy.value if _is_open(statement)]
    if not opened:
        return Verdict(RULE)
    sids = [plain(statement.sid, 100) for statement in opened]
    finding = Finding(
        rule=RULE,
        kind=Kind.EXPOSURE,
        severity=Severity.CRITICAL,
        severity_reason="Anyone with an AWS account can run the function now, and need not be "
        "known to you.",
        function=facts.function,
        title="Anyone can invoke this function",
        reason=f"The resource policy allows everyone ('*') to invoke the function in statement "
        f"{listed(sids)}, and no condition narrows it down.",
        remedy="Name the principal, the source ARN or the organization it is meant for, or remove "
        f"it{_command(facts.function, opened)}",
        evidence={"statements": sids, "actions": sorted({a for s in opened for a in s.actions})},
        links=("https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html",),
        update_key=",".join(sorted(sids)),
    )
    return Verdict(RULE, (finding,))


def _command(function: FunctionArn, opened: Sequence[Statement]) -> str:
    """How to remove the statement, where it can be named in a command."""
    if len(opened) > 1 or not re.fullmatch(_SID, opened[0].sid):
        return " with aws lambda remove-permission."
    return (
        f": aws lambda remove-permission --region {function.region} "
        f"--function-name {function.name} --statement-id {opened[0].sid}"
    )


def _is_open(statement: Statement) -> bool:
    if "*" not in statement.principals:
        return False
    if statement.conditions.keys() & _URL_ONLY:
        return False
    # The values of one condition are alternatives: a single `*` among them opens it.
    return not any(
        key in _NARROWING and not any(set(value) <= {"*"} for value in values)
        for key, values in statement.conditions.items()
    )
