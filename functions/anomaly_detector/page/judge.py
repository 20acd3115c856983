"""Judging one page of functions: a group of them, or some of a group."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

import numpy as np
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from functions.anomaly_detector.metrics.cost import newest_cost
from functions.anomaly_detector.metrics.function_name import FunctionName
from functions.anomaly_detector.metrics.limits import limits_of
from functions.anomaly_detector.metrics.own_limits import LastDeployment
from functions.anomaly_detector.metrics.schedule import Resolution, due, period_end
from functions.anomaly_detector.metrics.signals import ALWAYS, IF_PUBLISHED, Signal, chosen
from functions.anomaly_detector.page.absent import is_gone, silent_since
from functions.anomaly_detector.page.accepted import learn_accepted
from functions.anomaly_detector.page.gaps import gaps_of, keep_gaps
from functions.anomaly_detector.page.incident_history import write_down
from functions.anomaly_detector.page.picture_store import take_picture
from functions.anomaly_detector.page.read import (
    Look,
    Throttled,
    as_of,
    at_once,
    choose_learners,
    end_of,
    read,
    risen_at,
)
from functions.anomaly_detector.page.tell_guard import tell_guard
from functions.anomaly_detector.rules import abnormal_behaviour, trace_faults
from functions.anomaly_detector.rules.judging import judge
from functions.anomaly_detector.rules.view import View
from functions.anomaly_detector.watch.codec import FunctionMemory
from functions.anomaly_detector.watch.episode import incident_of
from functions.anomaly_detector.watch.incident import Incident
from functions.anomaly_detector.watch.store import WatchStore
from functions.anomaly_detector.watch.suspects import INCIDENT, suspect
from functions.shared.alerting.book import Judgement
from functions.shared.alerting.finding import Finding, Verdict
from functions.shared.aws.clients import AwsError, error_code
from functions.shared.aws.observability import logger
from functions.shared.core.arn import FunctionArn
from functions.shared.core.text import listed
from functions.shared.events.envelope import validated
from functions.shared.guarding.enforcement import Enforcements
from functions.shared.runtime.deployment import Deployment
from functions.shared.state.records import FunctionRecord
from functions.shared.state.table import ConflictError

SCOPE: Final = "anomaly"
# A function stays under suspicion for so long after an incident began.
_SUSPICION: Final = timedelta(hours=1)
_FORGET_AFTER: Final = timedelta(days=36)


class UnfinishedPageError(RuntimeError):
    """Some functions of a page could not be judged; the others were."""


class _FaultsDetail(BaseModel):
    model_config = ConfigDict(frozen=True)

    traces: int
    causes: list[str] = []
    example: str = ""


class PageDetail(BaseModel):
    """What a page message carries.

    Attributes:
        functions: Names of the functions that may be due.
        group: The group that they belong to.
        groups: Into how many groups all functions are divided.
        everything: Whether somebody asked for a look at everything now.
        called_out: Signals to read of every function because the account as a whole is unusual.
        hot: Functions that were just deployed or are under suspicion.
        published: Functions by signal, for signals that only some functions publish.
        published_unknown: Why that is not known; empty where it is.
        throttles_known: Whether it is known when any function was last throttled.
        throttled_at: When that was; None where the last day had no throttled call.
        faults: Faulty traces by function name; functions without any are absent.
        faults_unknown: Why the traces could not be read, empty when they were.
        listed_at: When the active functions were listed, where the page names all of its group.
    """

    model_config = ConfigDict(frozen=True, populate_by_name=True)

    functions: list[FunctionName]
    group: int = Field(0, ge=0)
    groups: int = Field(1, ge=1)
    everything: bool = False
    called_out: list[Signal] = Field([], alias="calledOut")
    hot: list[FunctionName] = []
    published: dict[Signal, list[str]] = {}
    published_unknown: str = Field("", alias="publishedUnknown")
    throttles_known: bool = Field(default=False, alias="throttlesKnown")
    throttled_at: AwareDatetime | None = Field(None, alias="throttledAt")
    faults: dict[str, _FaultsDetail] = {}
    faults_unknown: str = Field("", alias="faultsUnknown")
    listed_at: AwareDatetime | None = Field(None, alias="listedAt")


def judge_page(detail: Mapping[str, Any], warden: Deployment, now: datetime) -> None:
    """Judge the functions of a page that are due.

    Raises:
        MalformedEventError: The message is no page.
        UnfinishedPageError: Some functions could not be judged; deliver the page again.
        ClientError: CloudWatch or the state could not be reached; deliver the page again.
    """
    page = validated(PageDetail, detail, "a metric page")
    store = WatchStore(warden.aws.s3, warden.settings.bucket)
    memories, own = store.group(page.group, page.groups)
    gaps = {name: memory.gaps for name, memory in memories.items()} if own else {}
    looks = _looks(page, memories, warden, now)
    failed = _judge(looks, page, warden, now) if looks else []
    looks += _absent(page, memories, warden, now, failed)
    if not looks and not failed:
        return
    learnt = {look.function.name: look.memory for look in looks}
    if any(memories.get(name) != memory for name, memory in learnt.items()):
        memories |= learnt
        _forget(memories, now)
        store.keep_group(page.group, page.groups, memories)
        keep_gaps(warden, page.group, page.groups, gaps, memories)
    logger.info("page judged", extra={"functions": len(page.functions), "looks": len(looks)})
    if failed:
        raise UnfinishedPageError(
            f"{len(failed)} of {len(page.functions)} functions not judged: "
            f"{listed(sorted(set(failed)))}"
        )


def _looks(
    page: PageDetail, memories: Mapping[str, FunctionMemory], warden: Deployment, now: datetime
) -> list[Look]:
    """The functions of a page that are looked at now."""
    settings = warden.settings
    functions = [
        FunctionArn.parse(name, account=settings.account, region=settings.region)
        for name in dict.fromkeys([*page.functions, *page.hot])
    ]
    records = warden.records.of(functions)
    looks = []
    for function in functions:
        record = records.get(function, FunctionRecord())
        memory = _memory(memories.get(function.name), record)
        if look := _look(function, record, memory, page, warden, now=now):
            looks.append(look)
    choose_learners(looks)
    return looks


def _absent(
    page: PageDetail,
    memories: Mapping[str, FunctionMemory],
    warden: Deployment,
    now: datetime,
    failed: list[str],
) -> list[Look]:
    """Judge the functions that are known, are called no longer, and are missed."""
    if page.listed_at is None:
        return []
    settings, looks = warden.settings, []
    for name, memory, end in silent_since(memories, [*page.functions, *page.hot], page.listed_at):
        function = FunctionArn.parse(name, account=settings.account, region=settings.region)
        record = warden.records.get(function)
        memory_kept = memory.since == record.baseline_since
        if record.deleted_at or not memory_kept or is_gone(warden, function):
            continue
        look = Look(
            function=function,
            record=record,
            memory=memory,
            resolution=Resolution.PERIODS,
            hot=False,
            end=end,
            wanted=frozenset(),
        )
        try:
            look.set_limits(limits_of(warden, function, record))
            _judge_function(look, page, warden, now)
        except (*AwsError, ConflictError) as error:
            failed.append(error_code(error))
            logger.error("function not judged", extra={"function": str(function)})
        else:
            looks.append(look)
    return looks


def _memory(kept: FunctionMemory | None, record: FunctionRecord) -> FunctionMemory:
    """What is known of a function; nothing of a predecessor of the same name."""
    if kept is None or kept.since != record.baseline_since:
        return FunctionMemory(since=record.baseline_since)
    # A copy: what is learnt from a look that fails in the end is not kept.
    return replace(kept, past=deepcopy(kept.past), until=dict(kept.until))


def _look(
    function: FunctionArn,
    record: FunctionRecord,
    memory: FunctionMemory,
    page: PageDetail,
    warden: Deployment,
    *,
    now: datetime,
) -> Look | None:
    if record.deleted_at:
        return None  # its metrics outlive it for some hours
    policy = warden.config.detector
    suspected = memory.suspicious_until is not None and memory.suspicious_until > now
    hot = function.name in page.hot or function.name in page.faults or suspected
    decision = due(
        memory.pace,
        now,
        policy.looks,
        hot=hot or page.everything,
        called_out=bool(page.called_out),
        period_end=period_end(now, memory.longest),
        in_trouble=any(one.is_open for one in memory.past.standing.values()),
    )
    if decision.resolution is Resolution.NONE:
        return None
    groups = policy.signals.of(record.environment(warden.config.tags))
    wanted = chosen(groups)
    published = {s for s in wanted & IF_PUBLISHED if function.name in page.published.get(s, [])}
    return Look(
        function=function,
        record=record,
        memory=memory,
        resolution=decision.resolution,
        hot=hot,
        end=end_of(decision.resolution, memory, now),
        wanted=(wanted - IF_PUBLISHED) | published,
        asked_for=wanted,
        listed=not page.published_unknown,
    )


def _judge(looks: list[Look], page: PageDetail, warden: Deployment, now: datetime) -> list[str]:
    """Read and judge; the error codes of the functions that could not be."""
    failed: list[str] = []
    for look in list(looks):
        try:
            look.set_limits(limits_of(warden, look.function, look.record))
        except AwsError as error:
            _not_judged(look, error_code(error), looks, failed)
    read(
        warden.aws.cloudwatch,
        looks,
        now,
        throttled=Throttled(page.throttles_known, page.throttled_at),
        glance_at=frozenset(page.called_out) & ALWAYS or ALWAYS,
        history=timedelta(days=warden.config.detector.history_days),
    )
    for look in list(looks):
        try:
            if look.incomplete:
                _not_judged(look, look.incomplete, looks, failed)
            else:
                _judge_function(look, page, warden, now)
        except (*AwsError, ConflictError) as error:
            _not_judged(look, error_code(error), looks, failed)
    return failed


def _not_judged(look: Look, cause: str, looks: list[Look], failed: list[str]) -> None:
    """What a look that failed has learnt is not kept: it is looked at again as it was before."""
    looks.remove(look)
    failed.append(cause)
    logger.error("function not judged", extra={"function": str(look.function), "error": cause})


def _judge_function(look: Look, page: PageDetail, warden: Deployment, now: datetime) -> None:
    function, record, memory = look.function, look.record, look.memory
    learn_accepted(look, warden, SCOPE)
    past = as_of(look)
    view = View(
        function=function,
        past=past,
        policy=warden.config.detector,
        limits=look.limits,
        deployment=_deployment(record),
        read=look.signals,
        capped_since=_capped_since(look, warden),
        at_once=at_once(look),
        risen_at=risen_at(look),
        cost=newest_cost(look.signals) if look.resolution is Resolution.MINUTES else None,
    )
    judged = judge(view)
    memory.past.standing, memory.past.deviations = past.standing, past.deviations
    incident = incident_of(past)
    judged = _explained(judged, look, incident, view, warden, now=now)
    judged.append(_faults(look, page, warden))
    if memory.has_alerts or any(verdict.findings for verdict in judged):
        warden.alerts.settle(
            Judgement(
                function=function,
                verdicts=judged,
                scope=SCOPE,
                owner=record.owner(warden.config.tags),
                environment=record.environment(warden.config.tags),
            ),
            now,
        )
    if any(verdict.findings for verdict in judged):
        memory.has_alerts = True
    elif all(verdict.certain for verdict in judged):
        memory.has_alerts = False
    if look.resolution is Resolution.PERIODS:
        memory.gaps = gaps_of(look, page.published_unknown, now)
    _remember_incident(look, incident, warden, now)


def _explained(
    judged: list[Verdict],
    look: Look,
    incident: Incident | None,
    view: View,
    warden: Deployment,
    *,
    now: datetime,
) -> list[Verdict]:
    """The verdicts with what the guard heard, and where the picture of the incident lies."""
    if incident is None:
        return judged
    unreported = ""
    receding = view.past.standing[abnormal_behaviour.RULE].back_since
    if incident.runs_away and receding is None:
        unreported = tell_guard(warden, look, incident, now)
    picture = take_picture(warden, look, incident, view.deployment)
    more = f" The guard could not be told ({unreported})." if unreported else ""
    return [
        replace(verdict, findings=tuple(_with(one, more, picture) for one in verdict.findings))
        if verdict.rule == abnormal_behaviour.RULE
        else verdict
        for verdict in judged
    ]


def _with(finding: Finding, more: str, picture: str) -> Finding:
    evidence = {**finding.evidence, **({"picture": picture} if picture else {})}
    return replace(finding, reason=finding.reason + more, evidence=evidence)


def _remember_incident(
    look: Look, incident: Incident | None, warden: Deployment, now: datetime
) -> None:
    """Write down when an incident begins and ends, and look at its function closely meanwhile."""
    memory = look.memory
    standing = incident if incident and incident.ended is None else None
    if standing and memory.incident_since is None:
        memory.suspicious_until = now + _SUSPICION
        suspect(warden, look.function.name, INCIDENT, since=now, until=memory.suspicious_until)
        logger.warning("incident", extra={"function": str(look.function)})
    began = memory.incident_since or (incident.since if incident else None)
    if began and (incident or memory.incident_since):
        write_down(warden, look.function, began, incident, ended=look.end)
    memory.incident_since = began if incident else None
    if incident is None:
        memory.suspicious_until = None


def _capped_since(look: Look, warden: Deployment) -> datetime | None:
    """When the guard limited the function, None where it does not: asked only of suspects."""
    throttles = look.signals.get(Signal.THROTTLES)
    standing = any(one.is_open for one in look.memory.past.standing.values())
    if not standing and not (throttles and np.nansum(throttles.values)):
        return None
    limit = Enforcements(warden.table).in_force(look.function)
    return limit.since if limit else None


def _forget(memories: dict[str, FunctionMemory], now: datetime) -> None:
    """Drop what was not looked at for longer than a history reaches back."""
    for name, memory in list(memories.items()):
        seen = memory.pace.looked_at
        if seen and now - seen > _FORGET_AFTER:
            del memories[name]


def _deployment(record: FunctionRecord) -> LastDeployment | None:
    if record.deployed_at is None:
        return None
    return LastDeployment(record.deployed_at, record.deployed_by, record.deployed_code)


def _faults(look: Look, page: PageDetail, warden: Deployment) -> Verdict:
    seen = page.faults.get(look.function.name)
    if seen is None and (page.faults_unknown or look.resolution is Resolution.MINUTES):
        return Verdict(trace_faults.RULE, certain=False)
    seen = seen or _FaultsDetail(traces=0)
    policy = warden.config.detector
    return trace_faults.check(look.function, seen.traces, seen.causes, seen.example, policy)
