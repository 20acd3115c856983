"""Found places of credentials in S3, one document for each digest of an artefact."""

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Final

from functions.scanner.secrets.found import CodeSecrets, SecretPlace
from functions.shared.aws.clients import ask
from functions.shared.core.reading import Unknown

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

# Raised whenever the detector or the choice of files learns something.
_FORMAT: Final = 1


class SecretsStore:
    """Places of credentials beside the inventories: the same artefact is never read twice.

    Args:
        client: S3.
        bucket: Warden's bucket.
    """

    def __init__(self, client: "S3Client", bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def get(self, key: str) -> CodeSecrets | None:
        """What was found in an artefact; None where it was never searched."""
        answer = ask("reading the places of credentials", lambda: self._read(key))
        return None if isinstance(answer, Unknown) else from_json(answer.value)

    def _read(self, key: str) -> bytes:
        return self._client.get_object(Bucket=self._bucket, Key=key)["Body"].read()

    def put(self, key: str, secrets: CodeSecrets) -> None:
        """Keep what was found in an artefact that could be opened."""
        self._client.put_object(
            Bucket=self._bucket,
            Key=key,
            Body=to_json(secrets),
            ContentType="application/json",
        )


def to_json(secrets: CodeSecrets) -> bytes:
    """What was found in an artefact, as a document."""
    document = {
        "format": _FORMAT,
        "places": [asdict(place) for place in secrets.places],
        "unread": secrets.unread,
        "complete": secrets.complete,
    }
    return json.dumps(document, ensure_ascii=False).encode()


def from_json(data: bytes) -> CodeSecrets | None:
    """What a document says that `to_json` made; None where it is none."""
    try:
        document = json.loads(data)
        if document["format"] != _FORMAT:
            return None
        return CodeSecrets(
            tuple(SecretPlace(**place) for place in document["places"]),
            tuple(map(str, document["unread"])),
            document.get("complete") is not False,
        )
    except (ValueError, TypeError, KeyError):
        return None  # damaged: searching the artefact again mends it
