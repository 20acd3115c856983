"""Reading the pictures of incidents that a report embeds."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from functions.shared.alerting.alert import Alert
from functions.shared.aws.clients import ask
from functions.shared.core.reading import Known

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

MOST: Final = 20
"""Pictures in one report."""

LARGEST: Final = 150_000
"""Bytes of one picture; a larger one stays where it is, and the report names the place."""

_EVIDENCE: Final = "picture"


def place_of(alert: Alert) -> str:
    """Where the picture of an alert lies (`s3://…`), empty where it has none."""
    place = alert.finding.evidence.get(_EVIDENCE)
    return place if isinstance(place, str) else ""


def read_pictures(client: "S3Client", bucket: str, alerts: Iterable[Alert]) -> dict[str, bytes]:
    """The pictures of alerts, by their places; those that are gone or too large are left out.

    Args:
        client: S3.
        bucket: Warden's bucket; pictures elsewhere are not read.
        alerts: The alerts, the most important first.
    """
    ours = f"s3://{bucket}/pictures/"
    places = dict.fromkeys(place for alert in alerts if (place := place_of(alert)))
    pictures: dict[str, bytes] = {}
    for place in [one for one in places if one.startswith(ours)][:MOST]:
        key = place.removeprefix(f"s3://{bucket}/")
        picture = _read(client, bucket, key)
        if picture:
            pictures[place] = picture
    return pictures


def _read(client: "S3Client", bucket: str, key: str) -> bytes:
    def read() -> bytes:
        answer = client.get_object(Bucket=bucket, Key=key)
        if answer["ContentLength"] > LARGEST:
            return b""
        return answer["Body"].read()

    answer = ask("reading a picture", read)
    return answer.value if isinstance(answer, Known) else b""
