"""Code that arrives in an unusual way: a stolen key, or a repair past the pipeline.

Source: MITRE ATT&CK, T1648, "Serverless Execution", and T1525, "Implant Internal Image".
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from functions.scanner.deployers import Deployer
from functions.scanner.facts import FunctionFacts, Setting
from functions.shared.alerting.finding import Finding, Kind, Verdict
from functions.shared.core.reading import Unknown
from functions.shared.core.severity import Severity
from functions.shared.core.text import listed

RULE: Final = "unfamiliar-deployer"

_FAMILIAR_AFTER: Final = timedelta(days=7)
_INTRUSION_OPEN_FOR: Final = timedelta(days=30)
_MANY_OCCASIONS: Final = 3


def check(facts: FunctionFacts, setting: Setting) -> Verdict:
    """Fail when an identity, or a tool in its hands, deployed the function for the first time.

    The first deployment that Warden sees is what later ones are compared with. An unfamiliar pair
    becomes familiar when it deploys on another occasion, or after seven days. One that changed code
    past a pipeline that always did it needs a month, or several occasions over a week: an intruder
    comes back, too.
    """
    if isinstance(facts.deployers, Unknown):
        return Verdict(RULE, certain=False)
    familiar: list[Deployer] = []
    strangers: list[tuple[Deployer, bool]] = []
    for one in facts.deployers.value:
        grave = intrudes(one, familiar)
        asks = _is_new(one, setting.now) or (grave and _is_recent(one, setting.now))
        if familiar and asks:
            strangers.append((one, grave))
        else:
            familiar.append(one)
    findings = (_finding(facts, one, familiar, grave=grave) for one, grave in strangers)
    return Verdict(RULE, tuple(findings))


def intrudes(stranger: Deployer, familiar: Sequence[Deployer]) -> bool:
    """Whether somebody changed code past a pipeline that always did it.

    It is so for people's long-lived keys, the console, credentials of an instance, and for tools
    that are not made to deploy. Where people deploy by hand anyway, one more of them is usual.
    """
    if not stranger.changed_code or not familiar or not all(one.is_pipeline for one in familiar):
        return False
    if stranger.has_long_lived_key and not any(one.has_long_lived_key for one in familiar):
        return True
    same_kind = any(one.tool == stranger.tool for one in familiar)
    return not stranger.is_pipeline or not (stranger.deploys or same_kind)


def _is_new(deployer: Deployer, now: datetime) -> bool:
    return deployer.occasions == 1 and now - deployer.first_at < _FAMILIAR_AFTER


def _is_recent(deployer: Deployer, now: datetime) -> bool:
    """Whether one who came past the pipeline is still worth a question."""
    often = deployer.occasions >= _MANY_OCCASIONS
    settled = often and deployer.last_at - deployer.first_at >= _FAMILIAR_AFTER
    return not settled and now - deployer.first_at < _INTRUSION_OPEN_FOR


def _finding(
    facts: FunctionFacts, stranger: Deployer, familiar: Sequence[Deployer], *, grave: bool
) -> Finding:
    usual = [f"{one.identity} with {one.tool}" for one in familiar]
    return Finding(
        rule=RULE,
        kind=Kind.EXPOSURE,
        severity=Severity.HIGH if grave else Severity.MEDIUM,
        severity_reason="What runs was changed past the pipeline that always did it, as an "
        "intruder with stolen credentials does."
        if grave
        else "New people and tools are usual, but a stolen key looks just like them.",
        function=facts.function,
        subject=f"{stranger.identity} {stranger.tool}",
        title=f"Code changed past the pipeline, with {stranger.tool}"
        if grave
        else f"Changed in an unusual way, with {stranger.tool}",
        reason=f"{stranger.identity} changed the function with {stranger.tool} on "
        f"{stranger.first_at:%Y-%m-%d %H:%M} UTC and never had before. Usual: {listed(usual, 3)}.",
        remedy="Ask the identity named. If nobody there made the change, deploy the last known "
        "code and disable that identity's keys.",
        evidence={
            "identity": stranger.identity,
            "tool": stranger.tool,
            "at": stranger.first_at.isoformat(),
            "usual": usual[:10],
            "changed_code": stranger.changed_code,
        },
        links=("https://docs.aws.amazon.com/lambda/latest/dg/logging-using-cloudtrail.html",),
    )
