"""Pictures of incidents, kept in Warden's bucket, where only Warden reads them."""

import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from functions.anomaly_detector.metrics.cloudwatch import Ask, read_points
from functions.anomaly_detector.metrics.own_limits import LastDeployment
from functions.anomaly_detector.metrics.schedule import PERIOD
from functions.anomaly_detector.metrics.series import regular
from functions.anomaly_detector.metrics.signals import DERIVED, METRICS, Signal, by_metric
from functions.anomaly_detector.page.read import Look
from functions.anomaly_detector.pictures.band import remembered_band
from functions.anomaly_detector.pictures.incident_picture import draw, drawn_from, drawn_signals
from functions.anomaly_detector.watch.incident import Incident, meaningful
from functions.shared.aws.clients import AwsError, error_code
from functions.shared.aws.observability import logger
from functions.shared.core.arn import FunctionArn
from functions.shared.runtime.deployment import Deployment

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

PREFIX: Final = "pictures/"
_PERIOD_SECONDS: Final = int(PERIOD / timedelta(seconds=1))


def take_picture(
    warden: Deployment, look: Look, incident: Incident | None, deployment: LastDeployment | None
) -> str:
    """Draw and keep the picture of an incident as it stands now.

    That no picture can be had must not keep a person from hearing of the incident.

    Returns:
        Where it lies, as `s3://bucket/key`; empty where there is none.
    """
    if incident is None or not warden.settings.bucket:
        return ""
    try:
        svg = _drawn(warden, look, incident, deployment)
        return store(warden.aws.s3, warden.settings.bucket, look.function, incident, svg)
    except AwsError as error:
        logger.error(
            "no picture",
            extra={"function": str(look.function), "error": error_code(error)},
        )
        return ""


def _drawn(
    warden: Deployment, look: Look, incident: Incident, deployment: LastDeployment | None
) -> str:
    """What a look reads is minutes; the hours before are read for the picture alone."""
    name = look.function.name
    start = drawn_from(incident, look.end)
    wanted = {s for s in drawn_signals(incident) if METRICS[s].namespace != DERIVED}
    asks = [Ask(name, group, start) for group in by_metric(wanted | {Signal.INVOCATIONS})]
    answer = read_points(warden.aws.cloudwatch, asks, end=look.end, period_seconds=_PERIOD_SECONDS)
    signals = meaningful(
        {
            signal: regular(
                answer.points.get((name, signal), {}),
                start=start,
                end=look.end,
                period_seconds=_PERIOD_SECONDS,
                absent_means_zero=METRICS[signal].absent_means_zero,
            )
            for signal in wanted
        }
    )
    shown = {}
    for signal, series in signals.items():
        shown[signal] = (series, remembered_band(look.memory.past, signal, series))
    return draw(
        name,
        incident,
        shown,
        limits=look.limits,
        deployment=deployment,
        period_seconds=_PERIOD_SECONDS,
    )


def store(
    client: "S3Client", bucket: str, function: FunctionArn, incident: Incident, svg: str
) -> str:
    """Write the picture of an incident; a later one of the same incident takes its place.

    Args:
        client: S3.
        bucket: Warden's bucket; it is private, encrypted, and forgets pictures after 90 days.
        function: Whose incident it is.
        incident: What is unusual.
        svg: The picture.

    Returns:
        Where it lies, as `s3://bucket/key`.

    Raises:
        ClientError: S3 refuses, or does not answer.
    """
    whose = hashlib.sha256(str(function).encode()).hexdigest()[:12]
    key = f"{PREFIX}{function.name}-{whose}/{incident.since:%Y%m%dT%H%M%SZ}.svg"
    client.put_object(
        Bucket=bucket,
        Key=key,
        Body=svg.encode(),
        ContentType="image/svg+xml; charset=utf-8",
        CacheControl="private, max-age=60",
    )
    return f"s3://{bucket}/{key}"
