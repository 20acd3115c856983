"""What the repository says: lockfiles that CI uploads to `lockfiles/<source>/` in the bucket."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final

from functions.shared.aws.clients import ask
from functions.shared.config import ScannerPolicy
from functions.shared.core.arn import FunctionArn
from functions.shared.core.reading import Reading

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

FOLDER: Final = "lockfiles/"
"""Where CI puts lockfiles."""
_SOURCE: Final = re.compile(r"[\w.-]+(/[\w.-]+)*")
_MEMBER: Final = "@"
_LARGEST: Final = 32 * 1024 * 1024
_MOST_FILES: Final = 20


@dataclass(frozen=True, slots=True)
class Upload:
    """One file that CI uploaded.

    Attributes:
        name: File name, which tells its format.
        key: Where it stands in the bucket.
        etag: Identity of its content.
        uploaded_at: When it was uploaded.
    """

    name: str
    key: str
    etag: str
    uploaded_at: datetime


def source_of(function: FunctionArn, tags: Mapping[str, str], policy: ScannerPolicy) -> str:
    """The source that a function names by its tag, or that the settings name for it; or empty.

    A tag that is no path of plain names is ignored: it comes from outside and becomes a key.
    """
    tagged = tags.get(policy.source_tag, "").partition(_MEMBER)[0].strip().strip("/")
    if tagged and _SOURCE.fullmatch(tagged) and ".." not in tagged.split("/"):
        return tagged
    return next(
        (
            source
            for pattern, source in policy.sources.items()
            if fnmatchcase(function.name, pattern)
        ),
        "",
    )


def member_of(tags: Mapping[str, str], policy: ScannerPolicy) -> str:
    """Of a repository with several projects, the one that the tag names after an `@`; or empty."""
    return tags.get(policy.source_tag, "").partition(_MEMBER)[2].strip().strip("/")


def source_of_key(key: str) -> str:
    """The source whose file stands at a key of the bucket; empty for other objects."""
    if not key.startswith(FOLDER):
        return ""
    return key.removeprefix(FOLDER).rpartition("/")[0]


class Uploads:
    """The uploaded files of all sources."""

    def __init__(self, client: "S3Client", bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def of(self, source: str) -> Reading[list[Upload]]:
        """The newest upload of each file of a source; none where CI never uploaded any."""
        return ask("listing the lockfiles", lambda: self._list(f"{FOLDER}{source}/"))

    def content(self, upload: Upload) -> Reading[bytes]:
        """A file's content, at most 32 MiB of it: no lockfile is larger."""

        def read() -> bytes:
            body = self._client.get_object(Bucket=self._bucket, Key=upload.key)["Body"]
            return body.read(_LARGEST)

        return ask(f"reading {upload.name}", read)

    def _list(self, prefix: str) -> list[Upload]:
        answer = self._client.list_objects_v2(
            Bucket=self._bucket, Prefix=prefix, Delimiter="/", MaxKeys=_MOST_FILES
        )
        return [
            Upload(
                name=item["Key"].removeprefix(prefix),
                key=item["Key"],
                etag=item["ETag"].strip('"'),
                uploaded_at=item["LastModified"],
            )
            for item in answer.get("Contents", [])
        ]
