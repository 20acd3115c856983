"""A service that may call the function for whoever asks it to: the confused deputy.

Source: IAM user guide, "The confused deputy problem"; AWS Lambda API reference, AddPermission:
without a source, resources of other accounts can be set up to invoke the function.
"""

from typing import Final

from functions.scanner.exposure.callers import Home
from functions.scanner.exposure.openings import ANY_SERVICE, Opening, Who, openings
from functions.scanner.facts import FunctionFacts, Setting
from functions.shared.alerting.finding import Finding, Kind, Verdict
from functions.shared.core.reading import Unknown
from functions.shared.core.severity import Severity
from functions.shared.core.text import listed, plain

RULE: Final = "confused-deputy"


def check(facts: FunctionFacts, setting: Setting) -> Verdict:
    """Fail when a service may invoke the function on behalf of an account that nobody named."""
    if isinstance(facts.policy, Unknown):
        return Verdict(RULE, certain=False)
    home = Home(facts.function, setting.now, facts.qualifier)
    found = openings(facts.policy.value, home, setting.policy.trusted_accounts)
    services = found.of(Who.SERVICE)
    findings = (_finding(facts, services),) if services else ()
    return Verdict(RULE, findings, certain=found.complete)


def _finding(facts: FunctionFacts, services: tuple[Opening, ...]) -> Finding:
    names = [
        "any AWS service" if one.name == ANY_SERVICE else plain(one.name, 100) for one in services
    ]
    sids = sorted({plain(sid, 100) for one in services for sid in one.statements})
    return Finding(
        rule=RULE,
        kind=Kind.EXPOSURE,
        severity=Severity.MEDIUM,
        severity_reason="A stranger has to know the function's ARN, and sees no answer; what the "
        "function is sent is theirs to choose.",
        function=facts.function,
        title=f"Anyone can have {listed(names, 1)} invoke this function",
        reason=f"The resource policy lets {listed(names)} invoke the function in statement "
        f"{listed(sids)} without saying for whose resources: somebody in another account can set "
        "up a resource of theirs to send it events.",
        remedy="Add the permission again with --source-account, and with --source-arn where one "
        "resource is meant; then remove the old statement.",
        evidence={"services": names, "statements": sids},
        links=(
            "https://docs.aws.amazon.com/lambda/latest/dg/permissions-function-services.html",
            "https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html",
        ),
        update_key=",".join([*names, *sids]),
    )
