"""A function URL that answers strangers: anyone who finds the address runs the function.

Whether it does is decided by its authentication type together with the resource policy. Source: AWS
Lambda developer guide, "Control access to Lambda function URLs".
"""

from typing import Final

from functions.scanner.exposure.callers import Home
from functions.scanner.exposure.function_urls import Reach, reach
from functions.scanner.facts import FunctionFacts, Setting
from functions.shared.alerting.finding import Finding, Kind, Verdict
from functions.shared.core.policy_document import Policy
from functions.shared.core.reading import Reading, Unknown
from functions.shared.core.severity import Severity
from functions.shared.core.text import listed, plain
from functions.shared.events.change import UrlAccess

RULE: Final = "open-function-url"

_LINK: Final = "https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html"
_TITLES: Final = {
    Reach.INTERNET: "Function URL is open to the internet",
    Reach.EVERY_ACCOUNT: "Function URL is open to every AWS account",
    Reach.UNKNOWN: "Function URL may be open to the internet",
}
_WHY: Final = {
    Reach.INTERNET: "has authentication type NONE, and its policy lets everybody in: anyone who "
    "learns the address can run the function, at your cost",
    Reach.EVERY_ACCOUNT: "has authentication type AWS_IAM, but its policy lets everybody in: "
    "anyone with an AWS account can sign a request and run the function, at your cost",
    Reach.UNKNOWN: "has authentication type NONE, and whether its policy lets everybody in could "
    "not be told",
}


def check(facts: FunctionFacts, setting: Setting) -> Verdict:
    """Fail when a stranger gets through a URL, or when it answers nobody at all."""
    if isinstance(facts.urls, Unknown):
        return Verdict(RULE, certain=False)
    reaches = [(url, _reach(facts, url, setting)) for url in facts.urls.value]
    unsure = any(one is Reach.UNKNOWN for _, one in reaches)
    opened = [
        (url, one)
        for url, one in reaches
        if one in _TITLES and not (one is Reach.UNKNOWN and url.auth_type == "AWS_IAM")
    ]
    narrowed = [url for url, one in reaches if one is Reach.NETWORK]
    silent = [url for url, one in reaches if one is Reach.NOBODY]
    findings = [_finding(facts, opened)] if opened else []
    if narrowed:
        findings.append(_narrowed(facts, narrowed))
    if silent:
        findings.append(_silent(facts, silent))
    return Verdict(RULE, tuple(findings), certain=not unsure)


def _reach(facts: FunctionFacts, url: UrlAccess, setting: Setting) -> Reach:
    home = Home(facts.function, setting.now, url.qualifier)
    return reach(url, _policy(facts, url), home, setting.policy.trusted_accounts)


def _policy(facts: FunctionFacts, url: UrlAccess) -> Reading[Policy]:
    if not url.qualifier:
        return facts.policy
    if isinstance(facts.qualified_policies, Unknown):
        return facts.qualified_policies
    unread = Unknown("the alias's policy was not read")
    return facts.qualified_policies.value.get(url.qualifier, unread)


def _finding(facts: FunctionFacts, opened: list[tuple[UrlAccess, Reach]]) -> Finding:
    worst = min((one for _, one in opened), key=list(_TITLES).index)
    known = worst is not Reach.UNKNOWN
    where = sorted({_place(url) for url, _ in opened})
    return Finding(
        rule=RULE,
        kind=Kind.EXPOSURE if known else Kind.COVERAGE,
        severity=Severity.HIGH,
        severity_reason="Only the function's own code protects it from the internet."
        if known
        else "If the policy lets everybody in, only the function's own code stands between it and "
        "the internet.",
        function=facts.function,
        title=_TITLES[worst],
        reason=f"The URL of {listed(where)} {_WHY[worst]}.",
        remedy="Set the URL's authentication type to AWS_IAM and name the callers in the policy, "
        "or put an API with a quota and an authorizer before the function and delete the URL.",
        evidence={
            "auth_types": sorted({url.auth_type for url, _ in opened}),
            "urls": where,
            "open_to": sorted({one.value for _, one in opened}),
        },
        links=(_LINK,),
        update_key=",".join(sorted(f"{one.name} {_place(url)}" for url, one in opened)),
    )


def _narrowed(facts: FunctionFacts, urls: list[UrlAccess]) -> Finding:
    where = sorted({_place(url) for url in urls})
    return Finding(
        rule=RULE,
        kind=Kind.EXPOSURE,
        severity=Severity.LOW,
        severity_reason="It is narrowed down to networks; within them, nobody has to be known.",
        function=facts.function,
        subject="network",
        title="Function URL is open to a network",
        reason=f"The URL of {listed(where)} lets everybody in who calls from a network that the "
        "policy names: where a caller is counts, not who.",
        remedy="Set the URL's authentication type to AWS_IAM and name its callers in the policy.",
        evidence={"urls": where},
        links=(_LINK,),
        update_key=",".join(where),
    )


def _silent(facts: FunctionFacts, urls: list[UrlAccess]) -> Finding:
    where = sorted({_place(url) for url in urls})
    return Finding(
        rule=RULE,
        kind=Kind.EXPOSURE,
        severity=Severity.INFO,
        severity_reason="Nobody gets in now; one more permission would change that.",
        function=facts.function,
        subject="answers nobody",
        title="Function URL answers 403 to everybody",
        reason=f"The URL of {listed(where)} has authentication type NONE, but the policy does not "
        "give everybody the permissions that callers need (lambda:InvokeFunctionUrl and "
        "lambda:InvokeFunction), so it is not open.",
        remedy="Delete the URL if nobody uses it; else set its type to AWS_IAM and name its "
        "callers in the policy.",
        evidence={"urls": where},
        links=(_LINK,),
        update_key=",".join(where),
    )


def _place(url: UrlAccess) -> str:
    return f"alias {plain(url.qualifier, 128)}" if url.qualifier else "the function"
