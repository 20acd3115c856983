"""Code from, or access for, an account that nobody said is trusted."""

import re
from collections.abc import Sequence
from typing import Final

from functions.scanner.exposure.callers import Home
from functions.scanner.exposure.evaluate import account_of
from functions.scanner.exposure.openings import Opening, Who, openings
from functions.scanner.facts import FunctionFacts, Setting
from functions.shared.alerting.finding import Finding, Kind, Verdict
from functions.shared.core.policy_document import Policy
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
    certain = not (isinstance(facts.configuration, Unknown) or isinstance(facts.policy, Unknown))
    if isinstance(facts.policy, Known):
        home = Home(facts.function, setting.now, facts.qualifier)
        found = openings(facts.policy.value, home, setting.policy.trusted_accounts)
        certain = certain and found.complete
        if accounts := found.of(Who.ACCOUNT):
            findings.append(_permissions(facts, facts.policy.value, accounts))
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


def _permissions(facts: FunctionFacts, policy: Policy, accounts: Sequence[Opening]) -> Finding:
    names = [plain(name, 200) for one in accounts for name in _names(policy, one)]
    sids = sorted({plain(sid, 100) for one in accounts for sid in one.statements})
    added = _new_accounts(facts, accounts)
    return Finding(
        rule=RULE,
        kind=Kind.EXPOSURE,
        severity=Severity.HIGH if added else Severity.MEDIUM,
        severity_reason="It was let in later, as an intruder makes a way back."
        if added
        else "Only the accounts named can invoke the function, not everybody.",
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
        evidence={"principals": names, "statements": sids, "added": added},
        links=("https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html",),
        update_key=",".join(names),
    )


def _new_accounts(facts: FunctionFacts, accounts: Sequence[Opening]) -> list[str]:
    """The accounts that were not let in when Warden first looked at the function."""
    if isinstance(facts.known_accounts, Unknown):
        return []
    return sorted({one.name for one in accounts} - facts.known_accounts.value)


def _names(policy: Policy, opening: Opening) -> list[str]:
    """How the policy spells an account: as principals, or only in the conditions."""
    spelled = {
        principal.name
        for statement in policy.statements
        if statement.allows and statement.sid in opening.statements
        for principal in statement.principals
        if account_of(principal) == opening.name
    }
    if spelled:
        return sorted(spelled)
    through = f"{opening.by_service} for " if opening.by_service else ""
    return [f"{through}account {opening.name}, named in a condition"]
