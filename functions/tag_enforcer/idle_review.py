"""The daily judgement of which functions have no use any more."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from functions.shared.alerting.book import Judgement
from functions.shared.alerting.store import StoredAlert
from functions.shared.aws.clients import ask
from functions.shared.aws.listing import Listed
from functions.shared.aws.observability import logger
from functions.shared.core.arn import FunctionArn
from functions.shared.core.reading import Known, Reading, Unknown
from functions.shared.core.severity import Severity
from functions.shared.estate.snapshot import read_snapshot
from functions.shared.estate.use import read_use
from functions.shared.flows.state import FlowState
from functions.shared.flows.store import FlowStore
from functions.shared.policy.model import Policy
from functions.shared.policy.store import policy_store
from functions.shared.runtime.deployment import Deployment
from functions.shared.state.records import FunctionRecord
from functions.tag_enforcer.belonging import exemption
from functions.tag_enforcer.idle import RULE, Candidate, check
from functions.tag_enforcer.tagged import TaggedFunction
from functions.tag_enforcer.use_review import look_at_use

_SCOPE: Final = "idle"
_NEVER_READ: Final = "its event sources and its policy were not read yet"


def review_lifecycle(warden: Deployment, now: datetime) -> None:
    """Once a day: look at who was called, and judge who was not.

    Raises:
        ClientError: AWS could not answer now; deliver the message again.
    """
    look_at_use(warden, now, _reported(warden.stored_alerts.current()))
    judge_idle(warden, now)


def judge_idle(warden: Deployment, now: datetime) -> int:
    """Judge every function by when it was called and by what points at it.

    What points at functions is what the anomaly-detector reads of each anyway; schedules of
    EventBridge Scheduler, which need no permission on the function, are listed here.

    Returns:
        How many functions are without use.

    Raises:
        ClientError: AWS could not answer now; deliver the message again.
    """
    s3, bucket = warden.aws.s3, warden.settings.bucket
    snapshot, use = read_snapshot(s3, bucket), read_use(s3, bucket)
    if isinstance(snapshot, Unknown) or isinstance(use, Unknown):
        return 0
    policy = policy_store(warden).in_force().policy
    functions = [one for one in snapshot.value.functions if _is_of_estate(one, warden)]
    records = warden.records.of([one.function for one in functions])
    alerts = warden.stored_alerts.current()
    flows = {state.function: state for state in _flow_store(warden).states()}
    scheduled = _scheduled(warden)
    reported = _reported(alerts)
    found = 0
    for one in functions:
        record = records.get(one.function, FunctionRecord())
        if _is_exempt(one, policy, now):
            continue
        environment = record.environment(warden.config.tags)
        counted, worst = _open(alerts, one.function)
        candidate = Candidate(
            listed=one,
            record=record,
            use=use.value.get(one.function),
            callers=_callers(one.function, flows.get(one.function), scheduled),
            findings=counted,
            worst=worst,
        )
        rules = policy.environments.get(environment)
        verdict = check(candidate, environment, rules)
        if verdict.findings or one.function in reported:
            found += len(verdict.findings)
            judgement = Judgement(
                function=one.function,
                verdicts=[verdict],
                scope=_SCOPE,
                owner=record.owner(warden.config.tags),
                environment=environment,
            )
            warden.alerts.settle(judgement, now, count_repeats=False)
    logger.info("idle functions judged", extra={"functions": len(functions), "idle": found})
    return found


def _is_of_estate(one: Listed, warden: Deployment) -> bool:
    return one.function.name not in warden.own_functions


def _is_exempt(one: Listed, policy: Policy, now: datetime) -> bool:
    tagged = TaggedFunction(function=one.function, tags=one.tags or {})
    return exemption(tagged, policy, now.date()) is not None


def _flow_store(warden: Deployment) -> FlowStore:
    return FlowStore(warden.table, timedelta(days=warden.config.detector.flows.keep_days))


def _scheduled(warden: Deployment) -> Reading[Mapping[str, str]]:
    """The schedules of EventBridge Scheduler by the ARN of their target, as its lists tell it."""

    def read() -> dict[str, str]:
        pages = warden.aws.scheduler.get_paginator("list_schedules").paginate()
        return dict(_targets([one for page in pages for one in page["Schedules"]]))

    return ask("listing the schedules", read)


def _targets(schedules: Sequence[Mapping[str, object]]) -> Iterator[tuple[str, str]]:
    for one in schedules:
        target = one.get("Target")
        if isinstance(target, dict) and "Arn" in target:
            try:
                function = str(FunctionArn.parse(str(target["Arn"])))
            except ValueError:
                continue  # the target is no function
            yield function, str(one.get("Name", ""))


def _callers(
    function: FunctionArn, flow: FlowState | None, scheduled: Reading[Mapping[str, str]]
) -> Reading[tuple[str, ...]]:
    known = [peer.label for peer in flow.sources] if flow else []
    if isinstance(scheduled, Known) and str(function) in scheduled.value:
        known.append(f"schedule {scheduled.value[str(function)]}")
    if known:
        return Known(tuple(known))
    if isinstance(scheduled, Unknown):
        return scheduled
    if flow is None or flow.asked_since is None:
        return Unknown(_NEVER_READ)
    return Unknown("; ".join(flow.unread)) if flow.unread else Known(())


def _open(alerts: Sequence[StoredAlert], function: FunctionArn) -> tuple[int, str]:
    """How many findings are open besides this rule's own, and the worst severity."""
    found = [
        one.alert.finding.severity
        for one in alerts
        if one.alert.is_open
        and one.alert.finding.function == function
        and one.alert.finding.rule != RULE
    ]
    return len(found), max(found, default=Severity.INFO).label if found else ""


def _reported(alerts: Sequence[StoredAlert]) -> frozenset[FunctionArn]:
    """The functions that are reported as idle."""
    return frozenset(
        one.alert.finding.function
        for one in alerts
        if one.alert.is_open and one.alert.finding.rule == RULE
    )
