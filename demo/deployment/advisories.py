"""The sample advisories: laid out like OSV's exports, put into the bucket, synced for real."""

import io
import json
import zipfile
from pathlib import Path
from typing import Final

from demo.deployment.warden import Warden
from demo.local_aws import LocalAws
from demo.project import ADVISORIES
from functions.advisory_sync.sources.source import export_of

_PREFIX: Final = "advisories/source"
CATALOGUE: Final = "known_exploited_vulnerabilities.json"
"""Name of the sample catalogue of exploited flaws, in its folder and in the bucket."""


class SyncFailedError(RuntimeError):
    """The advisory sync did not take the sample advisories; the message says what it said."""


def exports(folder: Path = ADVISORIES) -> dict[str, bytes]:
    """One zip archive of OSV records for each ecosystem that the folder holds."""
    return {
        ecosystem.name: _zipped(sorted(ecosystem.glob("*.json")))
        for ecosystem in sorted(folder.iterdir())
        if ecosystem.is_dir()
    }


def give_advisories(aws: LocalAws, warden: Warden) -> int:
    """Upload the sample advisories and the catalogue, and have Warden sync them.

    Returns:
        The number of ecosystems.

    Raises:
        SyncFailedError: See there.
    """
    bucket = aws.client("s3")
    archives = exports()
    for ecosystem, archive in archives.items():
        key = f"{_PREFIX}/{export_of(ecosystem)}"
        bucket.put_object(Bucket=warden.bucket, Key=key, Body=archive)
    listed = (ADVISORIES / CATALOGUE).read_bytes()
    bucket.put_object(Bucket=warden.bucket, Key=f"{_PREFIX}/{CATALOGUE}", Body=listed)
    answer = aws.client("lambda").invoke(FunctionName=warden.advisory_sync, Payload=b"{}")
    said = answer["Payload"].read().decode()
    outcomes = json.loads(said)
    if "FunctionError" in answer or set(outcomes.values()) - {"updated", "unchanged"}:
        raise SyncFailedError(f"the advisory sync said: {said[:1000]}")
    return len(archives)


def _zipped(records: list[Path]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for record in records:
            archive.writestr(record.name, record.read_bytes())
    return buffer.getvalue()
