"""What speaks against removing a function."""

from dataclasses import replace
from datetime import timedelta

import pytest

from functions.shared.alerting.alert import Alert, State
from functions.shared.alerting.handling import Handling
from functions.shared.alerting.store import NEVER, StoredAlert
from functions.shared.policy.model import Action, Policy
from functions.shared.policy.read import default_policy
from tests.unit.conftest import NOW
from tests.unit.shared.findings import finding
from warden.removal.reasons import judge

LAB = "experimental"


def policy(*, allowed: str = LAB) -> Policy:
    """The default, which allows removal in one environment."""
    base = default_policy()
    rules = base.environments[allowed].model_copy(update={"actions": (Action.REMOVE,)})
    return base.model_copy(update={"environments": {**base.environments, allowed: rules}})


def reported(
    rule: str = "idle-function", *, days: float | None = 2, key: str = "nothing points at it"
) -> StoredAlert:
    """An open alert that its owner has known of for so many days."""
    alert = Alert(
        finding=finding(rule, update_key=key),
        scope="idle",
        state=State.OPENED,
        first_seen=NOW - timedelta(days=9),
        last_seen=NOW,
    )
    known = NOW - timedelta(days=days) if days is not None else None
    return StoredAlert(alert, Handling(known_since=known), NEVER)


@pytest.mark.parametrize("rule", ["idle-function", "expiry-tag"])
def test_nothing_speaks_against_what_is_allowed_reported_and_known(rule: str) -> None:
    assert judge(LAB, [reported(rule)], policy(), NOW) == []


def test_as_shipped_no_environment_allows_it() -> None:
    for environment in default_policy().environments:
        [why] = judge(environment, [reported()], default_policy(), NOW)
        assert why == f"the policy's actions do not name remove in {environment}"


def test_production_is_never_removed_unless_the_policy_names_it() -> None:
    assert judge("production", [reported()], policy(), NOW) != []
    assert judge("production", [reported()], policy(allowed="production"), NOW) == []


@pytest.mark.parametrize("environment", ["", "moon", "Experimental"])
def test_only_a_tag_of_its_own_that_is_spelt_right_allows_it(environment: str) -> None:
    [why] = judge(environment, [reported()], policy(), NOW)
    assert "no tag of its own" in why


@pytest.mark.parametrize("days", [None, 0, 0.9])
def test_its_owner_has_a_day_at_least(days: float | None) -> None:
    [why] = judge(LAB, [reported(days=days)], policy(), NOW)
    assert "was not told a day ago" in why


def test_what_nobody_reported_is_not_removed() -> None:
    resolved = reported()
    over = replace(resolved, alert=replace(resolved.alert, state=State.RESOLVED))
    for alerts in ([], [over], [reported("tag-policy")]):
        assert judge(LAB, alerts, policy(), NOW) == [
            "it is reported neither as idle nor as expired"
        ]


def test_unknown_callers_keep_it() -> None:
    [why] = judge(LAB, [reported(key="unknown callers: AccessDenied")], policy(), NOW)
    assert why == "what points at it is unknown"
