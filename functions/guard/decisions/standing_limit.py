"""Whether to set a lasting limit that was proposed. Pure."""

from datetime import datetime

from functions.guard.decisions import refusals
from functions.guard.decisions.cap import conclude
from functions.guard.decisions.decision import Code, Decision
from functions.guard.decisions.standing import Proposal
from functions.guard.facts import Facts
from functions.shared.config import WardenConfig
from functions.shared.core.reading import Known
from functions.shared.guarding.enforcement import Action, Enforcement


def decide_standing(
    proposal: Proposal,
    facts: Facts,
    last: Enforcement | None,
    config: WardenConfig,
    now: datetime,
) -> Decision:
    """Decide on a proposal, whatever the mode says.

    A function that has a reservation by now keeps it: a standing limit is for those without any.

    Args:
        proposal: What was proposed.
        facts: What AWS says.
        last: The function's latest standing limit, None without any.
        config: Settings.
        now: The time.
    """
    if proposal.limit is None:
        reason = f"Not limited: there is no room; it {proposal.reason}."
        return Decision(code=Code.ACCOUNT_FLOOR, action=Action.STANDING, reason=reason)
    if last and last.is_standing:
        reason = "It has a standing limit."
        return Decision(code=Code.KEEP, action=Action.STANDING, reason=reason)
    if refused := refusals.unasked(facts, last, config, now):
        return refused
    if isinstance(facts.reserved, Known) and facts.reserved.value is not None:
        reason = f"Not limited: it has a reserved concurrency of {facts.reserved.value}."
        return Decision(code=Code.NOT_SLOWER, action=Action.STANDING, reason=reason)
    decision = Decision(
        code=Code.LIMIT,
        action=Action.STANDING,
        value=proposal.limit,
        reason=f"Standing limit of {proposal.limit} concurrent executions: it {proposal.reason}.",
        evidence={"peak": proposal.peak},
    )
    return conclude(decision, facts, config, step=False)
