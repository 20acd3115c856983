"""Code from, or access for, an account that nobody said is trusted."""

import re
from typing import Final

from functions.scanner.facts import FunctionFacts, Setting
from functions.shared.alerting.finding import Finding, Kind, Verdict
from functions.shared.core.reading import Known, Unknown
from functions.shared.core.severity import Severity
from functions.shared.core.text import listed, plain

RULE: Final = "foreign-access"

_ACCOUNT: Final = re.compile(r"(?:^|:)([0-9]{12})(?=$|:)")


def check(facts: FunctionFacts, setting: Setting) -> Verdict:
    """Fail when a layer comes from, or a permission goes to, an account not listed as trusted."""
    trusted = {facts.function.account, *setting.policy.trusted_accounts}
    findings = []
    if isinstance(facts.configuration, Known):
        layers = [arn for arn in facts.configuration.value.layers if _account(arn) not in trusted]
        if layers:
            findings.append(_layers(facts, layers, _added(facts, layers)))
    if isinstance(facts.policy, Known):
        granted = sorted(
            {
                principal
                for statement in facts.policy.value
                for principal in statement.principals
                if _ACCOUNT.search(principal) and _account(principal) not in trusted
            }
        )
        if granted:
            findings.append(_permissions(facts, granted))
    certain = not (isinstance(facts.configuration, Unknown) or isinstance(facts.policy, Unknown))
    return Verdict(RULE, tuple(findings), certain=certain)


def _account(arn: str) -> str:
    match = _ACCOUNT.search(arn)
    return match[1] if match else ""


def _added(facts: FunctionFacts, layers: list[str]) -> list[str]:
    """Layers that the function did not have, in any version, when Warden first looked at it."""
    if isinstance(facts.known_layers, Unknown):
        return []
    return [arn for arn in layers if arn.rpartition(":")[0] not in facts.known_layers.value]


def _layers(facts: FunctionFacts, layers: list[str], added: list[str]) -> Finding:
    """One finding for all foreign layers; worse, and staying so, if one was added later on."""
    names = [plain(layer, 200) for layer in layers]
    since = ""
    if added:
        which = "It was" if len(added) == len(layers) == 1 else f"{listed(sorted(added))} was"
        since = f" {which} added after Warden first saw the function."
    return Finding(
        rule=RULE,
        kind=Kind.EXPOSURE,
        severity=Severity.HIGH if added else Severity.MEDIUM,
        severity_reason="It was added later, as an intruder would do it, and has the function's "
        "rights."
        if added
        else "It has the function's rights, but was there when Warden first saw the function.",
        function=facts.function,
        subject="layer",
        title="New layer from another account" if added else "Layer from another account",
        reason=f"The function runs code of {listed(names)}, published by an account that is not "
        f"listed as trusted. A layer sees everything the function sees.{since}",
        remedy="Remove the layer, or list its account under scanner.trusted_accounts if your "
        "team vouches for it.",
        evidence={"layers": names, "added": [plain(layer, 200) for layer in added]},
        links=("https://docs.aws.amazon.com/lambda/latest/dg/chapter-layers.html",),
        update_key=",".join(sorted(names)),
    )


def _permissions(facts: FunctionFacts, granted: list[str]) -> Finding:
    names = [plain(principal, 200) for principal in granted]
    return Finding(
        rule=RULE,
        kind=Kind.EXPOSURE,
        severity=Severity.MEDIUM,
        severity_reason="Only the accounts named can invoke the function, not everybody.",
        function=facts.function,
        subject="permission",
        title="Another account may invoke this function",
        reason=f"The resource policy lets {listed(names)} invoke the function, of which no "
        "account is listed as trusted."
        if len(names) > 1
        else f"The resource policy lets {names[0]} invoke the function; that account is not "
        "listed as trusted.",
        remedy="Remove the permission, or list the account under scanner.trusted_accounts if it "
        "is meant to call this function.",
        evidence={"principals": names},
        links=("https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html",),
        update_key=",".join(names),
    )
