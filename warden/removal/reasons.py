"""Why a function is not removed, as policy and its alerts say."""

from datetime import datetime, timedelta
from typing import Final

from functions.shared.alerting.store import StoredAlert
from functions.shared.core.arn import FunctionArn
from functions.shared.policy.model import Action, Policy
from functions.shared.policy.store import policy_store
from functions.shared.runtime.deployment import Deployment

_RULES: Final = frozenset({"idle-function", "expiry-tag"})
"""Rules whose alerts announce a removal."""
_UNKNOWN_CALLERS: Final = "unknown callers"
_NOTICE: Final = timedelta(days=1)


def reasons_against(warden: Deployment, function: FunctionArn, now: datetime) -> list[str]:
    """What speaks against removing a function; empty where nothing does.

    Raises:
        ClientError: AWS could not answer now.
    """
    record = warden.records.get(function)
    policy = policy_store(warden).in_force().policy
    tags = record.tags or {}
    return judge(
        tags.get(warden.config.tags.environment_tag, ""),
        warden.stored_alerts.of(function),
        policy,
        now,
    )


def judge(environment: str, alerts: list[StoredAlert], policy: Policy, now: datetime) -> list[str]:
    """The same, from what was read. Pure.

    Args:
        environment: The environment that the function's own tag names: what is inferred allows
            nothing.
        alerts: The function's alerts.
        policy: The policy in force.
        now: The time.
    """
    against = []
    rules = policy.environments.get(environment)
    if rules is None:
        against.append("no tag of its own names its environment, so nothing allows its removal")
    elif Action.REMOVE not in rules.actions:
        against.append(f"the policy's actions do not name remove in {environment}")
    reported = [one for one in alerts if one.alert.is_open and one.alert.finding.rule in _RULES]
    if not reported:
        against.append("it is reported neither as idle nor as expired")
        return against
    if any(one.is_waived for one in reported):
        against.append("somebody accepted that it is idle or expired")
    if any(one.alert.finding.update_key.startswith(_UNKNOWN_CALLERS) for one in reported):
        against.append("what points at it is unknown")
    known = [one.handling.known_since for one in reported if one.handling.known_since]
    if not known or now - min(known) < _NOTICE:
        against.append("its owner was not told a day ago or longer")
    return against
