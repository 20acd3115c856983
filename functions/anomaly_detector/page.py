"""Judging one page of active functions."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated, Any, Final

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from functions.anomaly_detector import verdicts
from functions.anomaly_detector.incident import judge
from functions.anomaly_detector.metrics import read_signals
from functions.anomaly_detector.profile import LastDeployment, Limits
from functions.anomaly_detector.series import Series
from functions.anomaly_detector.signals import Signal
from functions.anomaly_detector.tell_guard import tell_guard
from functions.shared.alerting.book import Judgement
from functions.shared.alerting.finding import Verdict
from functions.shared.arn import FunctionArn, is_function_name
from functions.shared.aws import AwsError, ask, error_code
from functions.shared.deployment import Deployment
from functions.shared.events.change import MalformedEventError
from functions.shared.events.envelope import faults
from functions.shared.observability import logger
from functions.shared.reading import Unknown
from functions.shared.state.records import FunctionRecord
from functions.shared.state.table import ConflictError
from functions.shared.text import listed

SCOPE: Final = "anomaly"
PERIOD_SECONDS: Final = 300
# Lambda's metrics arrive a minute or two late: judged earlier, a period would look quiet.
_SETTLING: Final = timedelta(minutes=2)


class UnfinishedPageError(RuntimeError):
    """Some functions of a page could not be judged; the others were."""


def _as_name(text: str) -> str:
    if not is_function_name(text):
        raise ValueError("expected a function's name")
    return text


class _FaultsDetail(BaseModel):
    model_config = ConfigDict(frozen=True)

    traces: int
    causes: list[str] = []
    example: str = ""


class PageDetail(BaseModel):
    """What a page message carries.

    Attributes:
        functions: Names of the functions to judge.
        faults: Faulty traces by function name; functions without any are absent.
        faults_unknown: Why the traces could not be read, empty when they were.
    """

    model_config = ConfigDict(frozen=True)

    functions: list[Annotated[str, AfterValidator(_as_name)]]
    faults: dict[str, _FaultsDetail] = {}
    faults_unknown: str = Field("", alias="faultsUnknown")


def judge_page(detail: Mapping[str, Any], warden: Deployment, now: datetime) -> None:
    """Judge every function of a page.

    Raises:
        MalformedEventError: The message is no page.
        IncompleteMetricsError: CloudWatch answered in part; deliver the page again.
        UnfinishedPageError: Some functions could not be judged; deliver the page again.
    """
    try:
        page = PageDetail.model_validate(detail)
    except ValidationError as error:
        raise MalformedEventError(f"not a metric page: {faults(error, 'detail')}") from error
    end = last_complete_period(now - _SETTLING)
    history = timedelta(days=warden.config.detector.history_days)
    read = read_signals(
        warden.aws.cloudwatch,
        page.functions,
        start=end - history,
        end=end,
        period_seconds=PERIOD_SECONDS,
    )
    settings = warden.settings
    failed: list[str] = []
    for name in page.functions:
        function = FunctionArn.parse(name, account=settings.account, region=settings.region)
        try:
            _judge_function(function, read[name], page, warden, now)
        except (*AwsError, ConflictError) as error:
            failed.append(error_code(error))
            logger.error(
                "function not judged",
                extra={"function": str(function), "error": error_code(error)},
            )
    if failed:
        raise UnfinishedPageError(
            f"{len(failed)} of {len(page.functions)} functions not judged: "
            f"{listed(sorted(set(failed)))}"
        )


def last_complete_period(now: datetime) -> datetime:
    """The end of the newest period that lies wholly in the past."""
    return now - timedelta(seconds=now.timestamp() % PERIOD_SECONDS)


def _judge_function(
    function: FunctionArn,
    signals: Mapping[Signal, Series],
    page: PageDetail,
    warden: Deployment,
    now: datetime,
) -> None:
    record = warden.records.get(function)
    if record.deleted_at:
        return  # its metrics outlive it for some hours
    if record.baseline_since:
        signals = {s: series.since(record.baseline_since) for s, series in signals.items()}
    incident = judge(signals)
    limits = _limits(warden, function, record)
    untold = ""
    if incident and verdicts.is_runaway(incident):
        untold = tell_guard(warden, function, incident, signals, now)
    judged = [
        verdicts.anomaly(
            function,
            incident,
            signals,
            limits=limits,
            deployment=_deployment(record),
            period_seconds=PERIOD_SECONDS,
            braked=f"The guard could not be told ({untold})." if untold else "",
        ),
        *verdicts.own_limits(function, signals, limits, warden.config.detector),
        _faults(function, page, warden),
    ]
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
    if incident:
        logger.warning("incident", extra={"function": str(function)})


def _limits(warden: Deployment, function: FunctionArn, record: FunctionRecord) -> Limits | None:
    """The function's own limits, asked for once until it changes; None while they are unknown."""
    if record.limits:
        return Limits.from_text(record.limits)

    def read() -> Limits:
        answer = warden.aws.functions.get_function_configuration(FunctionName=str(function))
        architectures = answer.get("Architectures", ["x86_64"])
        return Limits(
            timeout_seconds=answer.get("Timeout", 3),
            memory_mib=answer.get("MemorySize", 128),
            architecture=architectures[0],
        )

    answer = ask("reading the configuration", read)
    if isinstance(answer, Unknown):
        return None
    warden.records.remember_limits(function, answer.value.to_text())
    return answer.value


def _deployment(record: FunctionRecord) -> LastDeployment | None:
    return LastDeployment(record.deployed_at, record.deployed_by) if record.deployed_at else None


def _faults(function: FunctionArn, page: PageDetail, warden: Deployment) -> Verdict:
    if page.faults_unknown:
        return Verdict(verdicts.FAULTS, certain=False)
    seen = page.faults.get(function.name, _FaultsDetail(traces=0))
    return verdicts.faults(function, seen.traces, seen.causes, seen.example, warden.config.detector)
