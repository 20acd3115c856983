"""The cases of the guard's rules."""

from typing import Final

from functions.guard import report, review_budgets, review_standing
from functions.guard.decisions.budget import State
from functions.guard.decisions.decision import Code, Decision
from functions.guard.decisions.standing import Proposal
from functions.guard.switch import Switch
from functions.shared.alerting.finding import Verdict
from functions.shared.config import StandingLimitPolicy
from functions.shared.core.reading import Known
from functions.shared.guarding.enforcement import Action
from tests.cases import Cases, Elsewhere, Never
from tests.golden.samples.guard import GUARD, account, pool, record
from tests.golden.samples.names import CHECKOUT

_CAP: Final = record(Action.CAP, 8, "Capped at 8.")
_STOP: Final = record(Action.QUARANTINE, 0, "Open to the world.")
_DEED: Final = Never("It says what the guard did, or did not do, and the guard knows.")
_SUMS: Final = Elsewhere(
    "guard/test_reviews.py", "test_an_answer_in_part_is_asked_for_again_and_never_a_sum"
)
_ACCOUNT_UNREAD: Final = Elsewhere(
    "guard/test_reviews.py", "test_an_account_that_cannot_be_read_resolves_nothing"
)


def _of(rule: str, verdicts: list[Verdict]) -> Verdict:
    (verdict,) = [one for one in verdicts if one.rule == rule]
    return verdict


def _left(code: Code, action: Action = Action.CAP) -> Verdict:
    decision = Decision(code=code, reason="Because.", action=action, value=8)
    return _of(
        report.NOT_CAPPED, report.runaway_left(CHECKOUT, decision, "anomaly-detector", Known(None))
    )


def _budget(rule: str, state: State) -> Verdict:
    whose = "function checkout" if rule == review_budgets.FUNCTION_BUDGET else "owner payments"
    judged = review_budgets.judge([account(state, whose=whose)], GUARD)
    return _of(rule, judged[CHECKOUT if whose.startswith("function ") else GUARD])


def _budgets(rule: str) -> Cases:
    return Cases(
        passes={"it is kept": _budget(rule, State.KEPT)},
        fails={
            "it will not last": _budget(rule, State.WARNED),
            "it is used up": _budget(rule, State.USED_UP),
        },
        cannot_tell=_SUMS,
    )


def _proposed(*proposals: Proposal) -> Verdict:
    return review_standing.proposed(GUARD, proposals, StandingLimitPolicy())


CASES: Final = {
    "cap-not-lifted": Cases(
        passes={"it was lifted": _of(report.NOT_LIFTED, report.over())},
        fails={"it was refused": report.not_lifted(_CAP, "AccessDeniedException")[0]},
        cannot_tell=_DEED,
    ),
    "concurrency-capped": Cases(
        passes={
            "it was lifted": _of(report.CAPPED, report.over()),
            "it was stopped instead": _of(report.CAPPED, report.standing(_STOP)),
        },
        fails={"it stands": _of(report.CAPPED, report.standing(_CAP))},
        cannot_tell=_DEED,
    ),
    "function-quarantined": Cases(
        passes={
            "it was released": _of(report.QUARANTINED, report.over()),
            "it was capped instead": _of(report.QUARANTINED, report.standing(_CAP)),
        },
        fails={"it stands": _of(report.QUARANTINED, report.standing(_STOP))},
        cannot_tell=_DEED,
    ),
    "function-budget": _budgets(review_budgets.FUNCTION_BUDGET),
    "guard-stopped": Cases(
        passes={"the switch is unset": report.switch(GUARD, Switch(False))[0]},
        fails={"the switch is set": report.switch(GUARD, Switch(True, "jo", "", "test"))[0]},
        cannot_tell=_DEED,
    ),
    "pool-starved": Cases(
        passes={"enough is left": review_standing.starved(GUARD, pool(is_starved=False))},
        fails={"hardly anything is left": review_standing.starved(GUARD, pool(is_starved=True))},
        cannot_tell=_ACCOUNT_UNREAD,
    ),
    "runaway-not-capped": Cases(
        passes={
            "it is over": _of(report.NOT_CAPPED, report.runaway_over()),
            "it was capped": _of(report.NOT_CAPPED, report.standing(_CAP)),
        },
        fails={
            "dry run": _left(Code.DRY_RUN),
            "too little would be left": _left(Code.ACCOUNT_FLOOR),
            "it is protected": _left(Code.PROTECTED, Action.QUARANTINE),
        },
        cannot_tell=_DEED,
    ),
    "spending-budget": _budgets(review_budgets.BUDGET),
    "standing-limits-proposed": Cases(
        passes={"no function is hungry": _proposed()},
        fails={"one is": _proposed(Proposal(CHECKOUT, 220.0, 440, "Twice its peak."))},
        cannot_tell=_ACCOUNT_UNREAD,
    ),
}
