"""Exports below an S3 prefix, for accounts that mirror them."""

from typing import TYPE_CHECKING, BinaryIO, Final

from functions.advisory_sync.sources.source import (
    Answer,
    BoundedWriter,
    Failed,
    Fetched,
    Missing,
    TooLargeError,
    Unchanged,
    Version,
)
from functions.shared.aws.clients import AwsError, error_code

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_CHUNK: Final = 1024 * 1024
# S3 has no modelled error for "not modified": the code is the bare status.
_NOT_MODIFIED: Final = frozenset({"304", "NotModified"})
_NOT_FOUND: Final = frozenset({"NoSuchKey", "404"})


class BucketSource:
    """Conditional GetObject of files below a prefix."""

    def __init__(self, s3: "S3Client", bucket: str, prefix: str) -> None:
        """Remember the place; nothing is asked yet."""
        self._s3 = s3
        self._bucket = bucket
        self._prefix = prefix.strip("/")

    @property
    def location(self) -> str:
        """The place as s3://bucket/prefix."""
        return f"s3://{self._bucket}/{self._prefix}"

    def get(self, name: str, known: Version, into: BinaryIO) -> Answer:
        """Ask for a file unless it still has the known entity tag."""
        key = f"{self._prefix}/{name}".lstrip("/")
        try:
            if known.etag:
                answer = self._s3.get_object(Bucket=self._bucket, Key=key, IfNoneMatch=known.etag)
            else:
                answer = self._s3.get_object(Bucket=self._bucket, Key=key)
            writer = BoundedWriter(into)
            for chunk in answer["Body"].iter_chunks(_CHUNK):
                writer.write(chunk)
        except AwsError as error:
            code = error_code(error)
            if code in _NOT_MODIFIED:
                return Unchanged()
            if code in _NOT_FOUND:
                return Missing()
            return Failed(f"s3://{self._bucket}/{key}: {code}")
        except TooLargeError as error:
            return Failed(f"s3://{self._bucket}/{key}: {error}")
        return Fetched(Version(answer.get("ETag", "")))
