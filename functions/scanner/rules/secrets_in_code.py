"""A credential in deployed code is shown to everyone who may download it, and outlives rotation.

Source: AWS Well-Architected Framework, SEC02-BP03, "Store and use secrets securely".
"""

from typing import Final

from functions.scanner.facts import FunctionFacts, Setting
from functions.shared.alerting.finding import Finding, Kind, Verdict
from functions.shared.core.reading import Unknown
from functions.shared.core.severity import Severity
from functions.shared.core.text import listed, plain

RULE: Final = "secrets-in-code"

_SHOWN: Final = 20


def check(facts: FunctionFacts, _: Setting) -> Verdict:
    """Fail when a text file of the owner's holds a credential; tell the place, not the value."""
    if isinstance(facts.code_secrets, Unknown):
        return Verdict(RULE, certain=False)
    secrets = facts.code_secrets.value
    certain = secrets.complete and not secrets.unread
    if not secrets.places:
        return Verdict(RULE, certain=certain)
    places = [f"{plain(p.path, 160)}:{p.line} ({p.kind})" for p in secrets.places]
    kinds_in_files = sorted({f"{plain(p.path, 160)} {p.kind}" for p in secrets.places})
    finding = Finding(
        rule=RULE,
        kind=Kind.EXPOSURE,
        severity=Severity.HIGH,
        severity_reason="Reading the code is enough to use the credential.",
        function=facts.function,
        title="Credential in deployed code",
        reason=f"Everyone who may download the function's code finds {listed(places, 3)}.",
        remedy="Replace the credential, keep the new one in Secrets Manager or Parameter Store, "
        "and deploy code that fetches it.",
        evidence={"places": places[:_SHOWN]},
        links=("https://docs.aws.amazon.com/secretsmanager/latest/userguide/hardcoded.html",),
        update_key=",".join(kinds_in_files),  # without lines, which move with every edit
    )
    return Verdict(RULE, (finding,), certain=certain)
