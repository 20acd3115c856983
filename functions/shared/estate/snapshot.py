"""The list of all functions, as the latest sweep wrote it down.

Whoever wants to know what there is reads one object, instead of listing the account anew.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from functions.shared.aws.clients import ask
from functions.shared.aws.listing import Listed
from functions.shared.core.arn import FunctionArn
from functions.shared.core.reading import Reading, Unknown
from functions.shared.estate.keys import FUNCTIONS

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The functions of the estate at a time."""

    at: datetime
    functions: tuple[Listed, ...]


def write_snapshot(s3: "S3Client", bucket: str, found: Sequence[Listed], now: datetime) -> None:
    """Write the list down, over the one before.

    Raises:
        ClientError: The bucket did not take it.
    """
    document = {
        "at": now.isoformat(),
        "functions": [asdict(one) | {"function": str(one.function)} for one in found],
    }
    s3.put_object(
        Bucket=bucket,
        Key=FUNCTIONS,
        Body=json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode(),
        ContentType="application/json",
    )


def read_snapshot(s3: "S3Client", bucket: str) -> Reading[Snapshot]:
    """Read the list; unknown where no sweep has written one yet.

    Raises:
        ClientError: S3 could not answer now.
    """

    def read() -> Snapshot:
        body = s3.get_object(Bucket=bucket, Key=FUNCTIONS)["Body"].read()
        document = json.loads(body)
        functions = tuple(map(_listed, document["functions"]))
        return Snapshot(datetime.fromisoformat(document["at"]), functions)

    answer = ask("reading the list of functions", read)
    if isinstance(answer, Unknown) and answer.missing:
        return Unknown("no sweep has listed the functions yet", missing=True)
    return answer


def _listed(document: dict[str, Any]) -> Listed:
    function = FunctionArn.parse(document.pop("function"))
    return Listed(function=function, **document)
