"""What AWS Health says of functions: that AWS stopped a loop, or that abuse comes from one."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final

from pydantic import BaseModel, ConfigDict, Field

from functions.shared.alerting.book import Judgement
from functions.shared.alerting.finding import Finding, Kind, Verdict
from functions.shared.aws.observability import logger
from functions.shared.core.arn import FunctionArn
from functions.shared.core.severity import Severity
from functions.shared.core.text import plain
from functions.shared.events.envelope import Envelope, validated
from functions.shared.events.health import health_notices
from functions.shared.runtime.deployment import Deployment

RULE: Final = "health-notice"
_SCOPE: Final = "health"
_CLOSED: Final = "closed"
_LAMBDA: Final = "LAMBDA"


class _Entity(BaseModel):
    model_config = ConfigDict(frozen=True)

    value: str = Field("", alias="entityValue")


class _Words(BaseModel):
    model_config = ConfigDict(frozen=True)

    text: str = Field("", alias="latestDescription")


class _Notice(BaseModel):
    """The detail of an `AWS Health Event` (AWS Health user guide, "Amazon EventBridge schema")."""

    model_config = ConfigDict(frozen=True)

    service: str
    code: str = Field(alias="eventTypeCode")
    status: str = Field("", alias="statusCode")
    entities: tuple[_Entity, ...] = Field((), alias="affectedEntities")
    description: tuple[_Words, ...] = Field((), alias="eventDescription")


def take_in(envelope: Envelope, warden: Deployment, now: datetime) -> None:
    """Alert on a notice, one finding for each function that it names; resolve it when AWS does.

    Raises:
        MalformedEventError: It is no notice.
        ConflictError: Others kept changing the same alerts; deliver it again.
        ClientError: They could not be stored; likewise.
    """
    notice = validated(_Notice, envelope.detail, "a notice of AWS Health")
    words = health_notices().words_for(notice.code)
    functions = list(_functions(notice, warden))
    if not words or not (functions or notice.service == _LAMBDA):
        logger.info("event ignored", extra={"reason": "no notice about a function"})
        return
    # One that names no function is about the account, which the detector stands for.
    for function in functions or [warden.own_function("anomaly-detector")]:
        known = _is_open(function, warden)
        verdict = _verdict(function, notice, words, named=bool(functions), is_open=known)
        record = warden.records.get(function)
        warden.alerts.settle(
            Judgement(
                function=function,
                verdicts=[verdict],
                scope=_SCOPE,
                owner=record.owner(warden.config.tags),
                environment=record.environment(warden.config.tags),
            ),
            now,
        )


def verdict_of(
    function: FunctionArn, detail: Mapping[str, object], *, is_open: bool = False
) -> Verdict:
    """What a notice that names a function says of it. Pure.

    Args:
        function: The function.
        detail: The event's detail.
        is_open: Whether an alert of it is open: only then does its end say anything.

    Raises:
        MalformedEventError: It is no notice.
    """
    notice = validated(_Notice, detail, "a notice of AWS Health")
    words = health_notices().words_for(notice.code)
    return _verdict(function, notice, words, named=True, is_open=is_open)


def _verdict(
    function: FunctionArn, notice: _Notice, words: str, *, named: bool, is_open: bool
) -> Verdict:
    if not words or (notice.status == _CLOSED and is_open):
        return Verdict(RULE)
    return Verdict(RULE, (_finding(function, notice, words, named=named),))


def _functions(notice: _Notice, warden: Deployment) -> Iterator[FunctionArn]:
    """The functions among what it affects; a bare name is one only where Lambda itself speaks."""
    settings = warden.settings
    for entity in notice.entities:
        if notice.service != _LAMBDA and ":lambda:" not in entity.value:
            continue
        try:
            function = FunctionArn.parse(
                entity.value, account=settings.account, region=settings.region
            )
        except ValueError:
            continue
        if (function.account, function.region) == (settings.account, settings.region):
            yield function


def _is_open(function: FunctionArn, warden: Deployment) -> bool:
    alerts = warden.stored_alerts.of(function, _SCOPE)
    return any(one.alert.is_open and one.alert.finding.rule == RULE for one in alerts)


def _finding(function: FunctionArn, notice: _Notice, words: str, *, named: bool) -> Finding:
    said = plain(" ".join(one.text for one in notice.description), 600)
    whose = "" if named else " It names no function of this region."
    return Finding(
        rule=RULE,
        kind=Kind.ANOMALY,
        severity=Severity.HIGH,
        severity_reason="AWS acted, or will: what it stopped is not done, and the cause is still "
        "there.",
        function=function,
        title=words,
        reason=f"AWS Health: {words} ({plain(notice.code, 100)}).{whose} {said}".strip(),
        remedy="Read the notice in the AWS Health dashboard. For a loop: let the function write to "
        "another place than the one that invokes it.",
        evidence={"code": notice.code, "status": notice.status},
        update_key=notice.code,
    )
