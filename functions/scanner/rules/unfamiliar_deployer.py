"""Code that arrives in an unusual way: a stolen key, or a repair past the pipeline.

Source: MITRE ATT&CK, T1648, "Serverless Execution", and T1525, "Implant Internal Image".
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from functions.scanner.deployers import Deployer
from functions.scanner.facts import FunctionFacts, Setting
from functions.shared.alerting.finding import Finding, Kind, Verdict
from functions.shared.core.reading import Unknown
from functions.shared.core.severity import Severity
from functions.shared.core.text import listed

RULE: Final = "unfamiliar-deployer"

_FAMILIAR_AFTER: Final = timedelta(days=7)


def check(facts: FunctionFacts, setting: Setting) -> Verdict:
    """Fail when an identity, or a tool in its hands, deployed the function for the first time.

    The first deployment that Warden sees is what later ones are compared with. An unfamiliar pair
    becomes familiar when it deploys on another occasion, or after seven days.
    """
    if isinstance(facts.deployers, Unknown):
        return Verdict(RULE, certain=False)
    first, others = facts.deployers.value[:1], facts.deployers.value[1:]
    strangers = [
        deployer
        for deployer in others
        if deployer.occasions == 1 and setting.now - deployer.first_at < _FAMILIAR_AFTER
    ]
    familiar = [*first, *(deployer for deployer in others if deployer not in strangers)]
    return Verdict(RULE, tuple(_finding(facts, one, familiar) for one in strangers))


def _finding(facts: FunctionFacts, stranger: Deployer, familiar: Sequence[Deployer]) -> Finding:
    usual = [f"{one.identity} with {one.tool}" for one in familiar]
    return Finding(
        rule=RULE,
        kind=Kind.EXPOSURE,
        severity=Severity.MEDIUM,
        severity_reason="New people and tools are normal, but a stolen key looks the same.",
        function=facts.function,
        subject=f"{stranger.identity} {stranger.tool}",
        title=f"Changed in an unusual way, with {stranger.tool}",
        reason=f"{stranger.identity} changed the function with {stranger.tool} on "
        f"{stranger.first_at:%Y-%m-%d %H:%M} UTC and never had before. Usual: {listed(usual, 3)}.",
        remedy="Ask the identity named. If nobody there made the change, deploy the last known "
        "code and disable that identity's keys.",
        evidence={
            "identity": stranger.identity,
            "tool": stranger.tool,
            "at": stranger.first_at.isoformat(),
            "usual": usual[:10],
        },
        links=("https://docs.aws.amazon.com/lambda/latest/dg/logging-using-cloudtrail.html",),
    )
