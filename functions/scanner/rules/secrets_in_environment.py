"""A credential in an environment variable is shown to everyone who may read the configuration.

Source: AWS Lambda developer guide, "Securing Lambda environment variables", which advises Secrets
Manager instead.
"""

from typing import Final

from functions.scanner.facts import FunctionFacts, Setting
from functions.scanner.secrets.found import SecretVariable
from functions.shared.alerting.finding import Finding, Kind, Verdict
from functions.shared.core.reading import Unknown
from functions.shared.core.severity import Severity
from functions.shared.core.text import listed, plain

RULE: Final = "secrets-in-environment"


def check(facts: FunctionFacts, _: Setting) -> Verdict:
    """Fail when a variable's value has the form, or its name the meaning, of a credential."""
    if isinstance(facts.secret_variables, Unknown):
        return Verdict(RULE, certain=False)
    found = facts.secret_variables.value
    if not found:
        return Verdict(RULE)
    names = [_shown(variable) for variable in found]
    certain_form = any(not variable.by_name for variable in found)
    finding = Finding(
        rule=RULE,
        kind=Kind.EXPOSURE,
        severity=Severity.HIGH if certain_form else Severity.MEDIUM,
        severity_reason="A value has the form of a credential; reading it is enough to use it."
        if certain_form
        else "Only the names say that these are credentials; the values have no known form.",
        function=facts.function,
        title="Credential in an environment variable",
        reason=f"Everyone who may read the function's configuration can read {listed(names)}.",
        remedy="Keep the value in Secrets Manager or Parameter Store, let the function fetch it, "
        "and replace the credential: whoever saw it still has it.",
        evidence={"variables": names},
        links=(
            "https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars-encryption.html",
        ),
        update_key=",".join(names),
    )
    return Verdict(RULE, (finding,))


def _shown(variable: SecretVariable) -> str:
    why = f"{variable.kind}, by its name" if variable.by_name else variable.kind
    return f"{plain(variable.name, 80)} ({why})"
