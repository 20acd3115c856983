"""When functions were called, and how much: what is remembered of the daily look at the metrics."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from functions.shared.aws.clients import ask
from functions.shared.core.arn import FunctionArn
from functions.shared.core.reading import Known, Reading
from functions.shared.cost.lambda_price import cost
from functions.shared.estate.keys import USE

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

MONTH: Final = 30
"""Days whose calls are kept one by one."""


EVERY: Final = timedelta(days=7)
"""How often it is looked at who is called; who is reported as idle is looked at every day."""


@dataclass(frozen=True, slots=True)
class Use:
    """When one function was called.

    Attributes:
        since: The first day that was looked at.
        until: The last day that was looked at.
        last: The last day with a call; None where no day had one.
        days: Calls and milliseconds of the days of the last month that had any.
    """

    since: date
    until: date
    last: date | None = None
    days: Mapping[date, tuple[float, float]] = field(default_factory=dict)

    def monthly_usd(self, *, memory_mib: int, architecture: str) -> float:
        """List price of the calls of the last month; of fewer days, where fewer were looked at."""
        calls = sum(one for one, _ in self.days.values())
        milliseconds = sum(one for _, one in self.days.values())
        return cost(calls, milliseconds, memory_mib=memory_mib, architecture=architecture)

    def with_look(self, found: Mapping[date, tuple[float, float]], until: date) -> "Use":
        """The same after a later look at some days; days that were looked at before count anew."""
        called = {day: use for day, use in found.items() if use[0] > 0}
        days = {day: use for day, use in self.days.items() if day not in found} | called
        last = max((*called, *([self.last] if self.last else [])), default=None)
        kept = {day: use for day, use in days.items() if until - day < timedelta(days=MONTH)}
        return Use(self.since, until, last, kept)


def read_use(s3: "S3Client", bucket: str) -> Reading[dict[FunctionArn, Use]]:
    """What is remembered; nothing where nobody looked yet.

    Raises:
        ClientError: S3 could not answer now.
    """

    def read() -> dict[FunctionArn, Use]:
        document = json.loads(s3.get_object(Bucket=bucket, Key=USE)["Body"].read())
        return {FunctionArn.parse(arn): _use(one) for arn, one in document.items()}

    answer = ask("reading when functions were called", read)
    return answer if isinstance(answer, Known) or not answer.missing else Known({})


def write_use(s3: "S3Client", bucket: str, known: Mapping[FunctionArn, Use]) -> None:
    """Write down what is known, over what was known before.

    Raises:
        ClientError: The bucket did not take it.
    """
    document = {str(function): _document(one) for function, one in known.items()}
    s3.put_object(
        Bucket=bucket,
        Key=USE,
        Body=json.dumps(document, separators=(",", ":")).encode(),
        ContentType="application/json",
    )


def _document(one: Use) -> dict[str, Any]:
    return {
        "since": one.since.isoformat(),
        "until": one.until.isoformat(),
        "last": one.last.isoformat() if one.last else "",
        "days": {day.isoformat(): use for day, use in sorted(one.days.items())},
    }


def _use(document: dict[str, Any]) -> Use:
    return Use(
        date.fromisoformat(document["since"]),
        date.fromisoformat(document["until"]),
        date.fromisoformat(document["last"]) if document["last"] else None,
        {date.fromisoformat(day): (use[0], use[1]) for day, use in document["days"].items()},
    )
