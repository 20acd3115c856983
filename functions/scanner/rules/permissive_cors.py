"""A function URL that lets every web page call it, with the visitor's credentials.

Source: AWS Lambda developer guide, "Creating and managing Lambda function URLs", CORS settings.
"""

from typing import Final

from functions.scanner.facts import FunctionFacts, Setting
from functions.shared.alerting.finding import Finding, Kind, Verdict
from functions.shared.core.reading import Unknown
from functions.shared.core.severity import Severity

RULE: Final = "permissive-cors"


def check(facts: FunctionFacts, _: Setting) -> Verdict:
    """Fail when any origin is allowed together with credentials."""
    if isinstance(facts.urls, Unknown):
        return Verdict(RULE, certain=False)
    if not any(url.allows_credentials and "*" in url.allowed_origins for url in facts.urls.value):
        return Verdict(RULE)
    finding = Finding(
        rule=RULE,
        kind=Kind.EXPOSURE,
        severity=Severity.MEDIUM,
        severity_reason="An attacker must first get a signed-in user to open a page.",
        function=facts.function,
        title="Function URL trusts every web origin",
        reason="The URL's CORS settings allow any origin ('*') and credentials: any page that a "
        "signed-in person visits can call the function in that person's name.",
        remedy="List the origins that need the function, or disallow credentials.",
        links=("https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html",),
    )
    return Verdict(RULE, (finding,))
