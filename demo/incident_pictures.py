"""The pictures that Warden drew of incidents, fetched from its bucket for whoever looks on."""

from collections.abc import Iterable
from pathlib import Path

from demo.inbox import Alert
from demo.local_aws import LocalAws
from demo.project import LOCAL


def save_pictures(aws: LocalAws, alerts: Iterable[Alert]) -> list[Path]:
    """Save the picture of each incident that was told; those of runs before are replaced."""
    found = {alert.function: alert.picture for alert in alerts if alert.picture}
    return [_saved(aws, function, place) for function, place in sorted(found.items())]


def _saved(aws: LocalAws, function: str, place: str) -> Path:
    bucket, _, key = place.removeprefix("s3://").partition("/")
    file = LOCAL / f"incident-{function}.svg"
    file.write_bytes(aws.client("s3").get_object(Bucket=bucket, Key=key)["Body"].read())
    return file
