"""Making a report, and putting it where people find it."""

from datetime import UTC, datetime
from pathlib import Path

from functions.reporter.cost_line import cost_line
from functions.reporter.estate import Estate
from functions.reporter.gather import gather
from functions.reporter.page import page_of
from functions.reporter.render import render
from functions.shared.aws.observability import logger
from functions.shared.core.report_keys import LATEST, dated
from functions.shared.runtime.deployment import Deployment


def make_report(warden: Deployment, now: datetime) -> str:
    """The report of the estate as one HTML document.

    Raises:
        ClientError: The table could not be read, or AWS could not answer now.
    """
    return render(page_of(gather(warden, now)))


def store_report(warden: Deployment, now: datetime) -> str:
    """Write the report to Warden's bucket, under its day and as the latest one.

    Returns:
        The key of the day's report.

    Raises:
        ClientError: See `make_report`; or the bucket did not take it.
    """
    estate = gather(warden, now)
    body = render(page_of(estate)).encode()
    day = dated(now.astimezone(UTC).date())
    for key in (day, LATEST):
        warden.aws.s3.put_object(
            Bucket=warden.settings.bucket,
            Key=key,
            Body=body,
            ContentType="text/html; charset=utf-8",
            ServerSideEncryption="AES256",
        )
    logger.info("report stored", extra={"key": day, "bytes": len(body)})
    logger.info("cost estimated", extra=cost_line(estate.bill))
    return day


def write_report(estate: Estate, file: Path) -> Path:
    """Write the report of what was gathered to a file on this machine; returns where it lies.

    Raises:
        OSError: The file could not be written.
    """
    text = render(page_of(estate))
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file.resolve()
