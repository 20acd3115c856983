"""A function URL without authentication: anyone who finds the address runs the function.

Source: AWS Lambda developer guide, "Control access to Lambda function URLs".
"""

from typing import Final

from functions.scanner.facts import FunctionFacts, Setting
from functions.shared.alerting.finding import Finding, Kind, Verdict
from functions.shared.core.reading import Unknown
from functions.shared.core.severity import Severity

RULE: Final = "open-function-url"


def check(facts: FunctionFacts, _: Setting) -> Verdict:
    """Fail when a URL's authentication type is NONE."""
    if isinstance(facts.urls, Unknown):
        return Verdict(RULE, certain=False)
    if all(url.auth_type == "AWS_IAM" for url in facts.urls.value):
        return Verdict(RULE)
    finding = Finding(
        rule=RULE,
        kind=Kind.EXPOSURE,
        severity=Severity.HIGH,
        severity_reason="Only the function's own code stands between it and the internet.",
        function=facts.function,
        title="Function URL is open to the internet",
        reason="The function has a URL with authentication type NONE: anyone who learns the "
        "address can run it, at your cost.",
        remedy="Set the URL's authentication type to AWS_IAM, or put an API with a quota and an "
        "authorizer before the function and delete the URL.",
        evidence={"auth_types": sorted({url.auth_type for url in facts.urls.value})},
        links=("https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html",),
    )
    return Verdict(RULE, (finding,))
