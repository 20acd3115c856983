"""From the location in the settings to the source behind it."""

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from functions.advisory_sync.sources.address import AddressSource
from functions.advisory_sync.sources.bucket import BucketSource
from functions.advisory_sync.sources.folder import FolderSource
from functions.advisory_sync.sources.source import FileSource

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


def source_at(location: str, s3: "S3Client") -> FileSource:
    """The source at an https, http, s3 or file location.

    Raises:
        ValueError: The location is none of these.
    """
    return _place(location, s3, "advisories.location")


def file_at(location: str, s3: "S3Client") -> tuple[FileSource, str]:
    """The source of one file at such a location, and the file's name there.

    Raises:
        ValueError: The location is none of these.
    """
    folder, _, name = location.rpartition("/")
    return _place(folder, s3, "advisories.known_exploited"), name


def _place(location: str, s3: "S3Client", setting: str) -> FileSource:
    parts = urlsplit(location)
    if parts.scheme in {"https", "http"}:
        return AddressSource(location)
    if parts.scheme == "s3" and parts.netloc:
        return BucketSource(s3, parts.netloc, parts.path)
    if parts.scheme == "file":
        return FolderSource(Path(unquote(parts.path)))
    raise ValueError(f"{setting} {location!r}: must start with https://, s3:// or file://")
