"""A role that many functions share has the rights of all of them, for each of them.

Source: AWS Lambda developer guide, "Defining Lambda function permissions with an execution role".
"""

from typing import Final

from functions.scanner.facts import FunctionFacts, Setting
from functions.shared.alerting.finding import Finding, Kind, Verdict
from functions.shared.core.reading import Unknown
from functions.shared.core.severity import Severity
from functions.shared.core.text import listed, plain

RULE: Final = "shared-role"


def check(facts: FunctionFacts, setting: Setting) -> Verdict:
    """Fail for the function with which a role became shared by too many.

    All users of the role have one fault together, so one of them carries the finding for all: the
    one that came when the limit was reached. Later users add no alert of their own.
    """
    if isinstance(facts.role_users, Unknown) or isinstance(facts.configuration, Unknown):
        return Verdict(RULE, certain=False)
    users = facts.role_users.value
    limit = setting.policy.shared_role_functions
    if len(users) < limit or users[limit - 1] != facts.function:
        return Verdict(RULE)
    role = plain(facts.configuration.value.role.rpartition("/")[2], 100)
    names = [user.name for user in users]
    finding = Finding(
        rule=RULE,
        kind=Kind.EXPOSURE,
        severity=Severity.LOW,
        severity_reason="No misuse is known; a break-in into one reaches the rights of all.",
        function=facts.function,
        title=f"Execution role {role} is shared",
        reason=f"{len(users)} functions run with the role {role}: {listed(names)}. Each has the "
        "rights that any of them needs.",
        remedy="Give each function a role of its own; frameworks such as the CDK do so by default.",
        evidence={"role": role, "functions": names[:50], "count": len(users)},
        links=("https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html",),
        update_key=role,
    )
    return Verdict(RULE, (finding,))
