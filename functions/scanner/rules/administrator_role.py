"""A function that may do everything gives whoever subverts it everything.

Source: IAM user guide, "Security best practices in IAM", least-privilege permissions.
"""

from typing import Final

from functions.scanner.facts import FunctionFacts, Setting
from functions.shared.alerting.finding import Finding, Kind, Verdict
from functions.shared.core.reading import Known, Unknown
from functions.shared.core.severity import Severity
from functions.shared.core.text import listed, plain

RULE: Final = "administrator-role"


def check(facts: FunctionFacts, _: Setting) -> Verdict:
    """Fail when the execution role may do all actions, or all of a service, on all resources."""
    if isinstance(facts.role_rights, Unknown):
        return Verdict(RULE, certain=False)
    rights = facts.role_rights.value
    if not rights:
        return Verdict(RULE)
    administrator = any(right.administrator for right in rights)
    shown = [f"{plain(right.right, 80)} in {plain(right.policy, 80)}" for right in rights]
    finding = Finding(
        rule=RULE,
        kind=Kind.EXPOSURE,
        severity=Severity.HIGH if administrator else Severity.MEDIUM,
        severity_reason="Whoever takes over this function takes over the account."
        if administrator
        else "Whoever takes over this function has these services to themselves, not the account.",
        function=facts.function,
        title="Execution role is an administrator"
        if administrator
        else "Execution role has wildcard rights",
        reason=f"The role {_role(facts)} allows {listed(shown)}, on every resource.",
        remedy="Replace the policy by one that names the actions and resources the function uses; "
        "IAM Access Analyzer can make it from what the function did.",
        evidence={"role": _role(facts), "rights": shown},
        links=(
            "https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-policy-generation.html",
        ),
        update_key=",".join(shown),
    )
    return Verdict(RULE, (finding,))


def _role(facts: FunctionFacts) -> str:
    role = facts.configuration.value.role if isinstance(facts.configuration, Known) else ""
    return plain(role.rpartition("/")[2], 100)
