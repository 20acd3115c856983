"""Every kind of source gives the same answers to the same questions."""

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import urllib3

from functions.advisory_sync.sources.address import AddressSource
from functions.advisory_sync.sources.bucket import BucketSource
from functions.advisory_sync.sources.choose import source_at
from functions.advisory_sync.sources.folder import FolderSource
from functions.advisory_sync.sources.source import (
    BoundedWriter,
    Failed,
    Fetched,
    FileSource,
    Missing,
    TooLargeError,
    Unchanged,
    Version,
    export_of,
)
from tests.unit.advisory_sync.conftest import BUCKET
from tests.unit.advisory_sync.server import Site, serving

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_IMPATIENT = urllib3.Retry(
    total=2, backoff_factor=0, status_forcelist=(503,), redirect=False, raise_on_status=False
)


@pytest.fixture
def site() -> Iterator[Site]:
    with serving(Site()) as running:
        yield running


@pytest.fixture(params=["address", "bucket", "folder"])
def place(
    request: pytest.FixtureRequest, tmp_path: Path, s3: "S3Client", site: Site
) -> tuple[FileSource, Callable[[str, bytes], None]]:
    """A source, and how to put an export there."""

    def into_bucket(ecosystem: str, content: bytes) -> None:
        s3.put_object(Bucket=BUCKET, Key=f"osv/{ecosystem}/all.zip", Body=content)

    def onto_site(ecosystem: str, content: bytes) -> None:
        site.files[f"/osv/{ecosystem}/all.zip"] = content

    def into_folder(ecosystem: str, content: bytes) -> None:
        (tmp_path / ecosystem).mkdir(exist_ok=True)
        (tmp_path / ecosystem / "all.zip").write_bytes(content)

    sources: dict[str, tuple[FileSource, Callable[[str, bytes], None]]] = {
        "address": (AddressSource(f"{site.location}/osv/", retries=_IMPATIENT), onto_site),
        "bucket": (BucketSource(s3, BUCKET, "osv"), into_bucket),
        "folder": (FolderSource(tmp_path), into_folder),
    }
    return sources[request.param]


def test_fetches_once_and_then_only_what_changed(
    place: tuple[FileSource, Callable[[str, bytes], None]],
) -> None:
    source, put = place
    put("crates.io", b"first")
    file = io.BytesIO()
    first = source.get(export_of("crates.io"), Version(), file)
    assert isinstance(first, Fetched)
    assert file.getvalue() == b"first"
    assert first.version.etag

    again = io.BytesIO()
    assert source.get(export_of("crates.io"), first.version, again) == Unchanged()
    assert again.getvalue() == b""

    put("crates.io", b"second!")
    assert isinstance(source.get(export_of("crates.io"), first.version, again), Fetched)
    assert again.getvalue() == b"second!"


def test_says_when_an_ecosystem_is_not_there(
    place: tuple[FileSource, Callable[[str, bytes], None]],
) -> None:
    source, _ = place
    assert source.get(export_of("Maven"), Version(), io.BytesIO()) == Missing()


def _fetch(site: Site) -> tuple[object, bytes]:
    file = io.BytesIO()
    site.files["/npm/all.zip"] = b"content"
    source = AddressSource(site.location, retries=_IMPATIENT)
    return source.get(export_of("npm"), Version('"tag"'), file), file.getvalue()


def test_tries_again_when_a_server_is_busy(site: Site) -> None:
    site.statuses["/npm/all.zip"] = [503, 503]
    answer, content = _fetch(site)
    assert isinstance(answer, Fetched)
    assert content == b"content"
    assert site.requests == [("/npm/all.zip", '"tag"')] * 3


@pytest.mark.parametrize("status", [302, 403, 410, 503])
def test_other_answers_are_failures_with_their_status(site: Site, status: int) -> None:
    site.statuses["/npm/all.zip"] = [status] * 9
    answer, content = _fetch(site)
    assert isinstance(answer, Failed)
    assert str(status) in answer.cause
    assert content == b""
    assert "/elsewhere" not in {path for path, _ in site.requests}


def test_a_body_that_ends_too_early_is_a_failure(site: Site) -> None:
    site.cut = True
    answer, _ = _fetch(site)
    assert isinstance(answer, Failed)


def test_a_server_that_is_not_there_is_a_failure() -> None:
    with serving(Site()) as gone:
        source = AddressSource(gone.location, retries=_IMPATIENT)
    assert isinstance(source.get(export_of("npm"), Version(), io.BytesIO()), Failed)


def test_a_bucket_that_is_not_there_is_a_failure(s3: "S3Client") -> None:
    answer = BucketSource(s3, "absent", "").get(export_of("npm"), Version(), io.BytesIO())
    assert answer == Failed("s3://absent/npm/all.zip: NoSuchBucket")


def test_a_source_that_never_ends_is_cut_off() -> None:
    file = io.BytesIO()
    writer = BoundedWriter(file, limit=10)
    writer.write(b"12345")
    with pytest.raises(TooLargeError):
        writer.write(b"678901")
    assert file.getvalue() == b"12345"


@pytest.mark.parametrize(
    ("location", "kind"),
    [
        ("https://example.org/osv", AddressSource),
        ("s3://bucket/osv", BucketSource),
        ("file:///srv/osv%20data", FolderSource),
    ],
)
def test_the_location_names_the_kind_of_source(
    s3: "S3Client", location: str, kind: type[FileSource]
) -> None:
    source = source_at(location, s3)
    assert isinstance(source, kind)
    assert source.location == location


@pytest.mark.parametrize("location", ["", "ftp://example.org", "s3://", "/srv/osv"])
def test_another_location_is_refused(s3: "S3Client", location: str) -> None:
    with pytest.raises(ValueError, match=r"advisories\.location"):
        source_at(location, s3)
