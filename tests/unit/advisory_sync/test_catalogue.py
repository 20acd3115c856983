"""Syncs of the catalogue of known exploited flaws, beside those of advisories."""

import json
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from functions.advisory_sync.catalogue import CataloguePlace
from functions.advisory_sync.run import SyncReport, run
from functions.advisory_sync.sources.choose import file_at
from functions.advisory_sync.sources.folder import FolderSource
from functions.shared.advisories.published import IndexStore, Published, PublishedIndexError
from tests.unit.advisory_sync.conftest import BUCKET
from tests.unit.advisory_sync.server import Site, serving
from tests.unit.shared.advisories.kev import catalogue, entry
from tests.unit.shared.advisories.osv import NOW, advisory, archive, below

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

HOUR = timedelta(hours=1)
FILE = "known_exploited_vulnerabilities.json"
TEN = [entry(f"CVE-2026-{number:04}") for number in range(10)]


class World:
    """A folder with advisories and the catalogue, a bucket, and a clock."""

    def __init__(self, folder: Path, s3: "S3Client") -> None:
        self.folder = folder / "source"
        self.scratch = folder / "scratch"
        self.scratch.mkdir()
        self.s3 = s3
        self.store = IndexStore(s3, BUCKET, "advisories")
        self.now = NOW
        self.place: CataloguePlace | None = CataloguePlace(FolderSource(self.folder), FILE)
        self.advise(1)

    def advise(self, count: int) -> None:
        path = self.folder / "PyPI" / "all.zip"
        path.parent.mkdir(parents=True, exist_ok=True)
        records = [advisory(f"P-{number}", below("1.0")) for number in range(count)]
        path.write_bytes(archive(*records).getvalue())

    def list(self, content: bytes) -> None:
        (self.folder / FILE).write_bytes(content)

    def sync(self) -> SyncReport:
        self.now += HOUR
        return run(
            FolderSource(self.folder),
            self.s3,
            BUCKET,
            "advisories",
            self.now,
            ecosystems=("PyPI",),
            catalogue=self.place,
            scratch=self.scratch,
        )

    def pointer(self) -> Published:
        pointer = self.store.newest()
        assert pointer is not None
        return pointer

    def flaws(self) -> set[str]:
        file = self.pointer().exploited
        return set(self.store.exploited(file).flaws) if file else set()

    def keys(self) -> set[str]:
        return {item["Key"] for item in self.s3.list_objects_v2(Bucket=BUCKET).get("Contents", [])}


@pytest.fixture
def world(tmp_path: Path, s3: "S3Client") -> World:
    made = World(tmp_path, s3)
    made.list(catalogue(*TEN))
    return made


def _outcome(report: SyncReport) -> str:
    return report.catalogue.outcome.value if report.catalogue else ""


def test_the_first_sync_stores_the_flaws_beside_the_index(world: World) -> None:
    report = world.sync()
    assert report.published
    assert _outcome(report) == "updated"
    assert world.flaws() == {f"CVE-2026-{number:04}" for number in range(10)}
    file = world.pointer().exploited
    assert file is not None
    assert (file.flaws, file.checked_at) == (10, world.now)
    assert world.keys() == {"advisories/latest.json", *world.pointer().keys}


def test_nothing_new_only_renews_the_age(world: World) -> None:
    world.sync()
    before = world.pointer()
    report = world.sync()
    assert not report.published
    assert _outcome(report) == "unchanged"
    after = world.pointer()
    assert after.exploited is not None
    assert before.exploited is not None
    assert (after.exploited.key, after.exploited.checked_at) == (before.exploited.key, world.now)


def test_a_newly_exploited_flaw_is_news_though_no_advisory_changed(world: World) -> None:
    world.sync()
    before = world.pointer()
    world.list(catalogue(*TEN, entry("CVE-2026-9999")))
    assert world.sync().published
    after = world.pointer()
    assert after.index == after.previous == before.index
    assert after.previous_exploited == before.exploited
    assert "CVE-2026-9999" in world.flaws()


def test_other_wording_of_the_same_flaws_is_no_news(world: World) -> None:
    world.sync()
    world.list(catalogue(*TEN, catalogVersion="2026.03.02"))
    report = world.sync()
    assert (report.published, _outcome(report)) == (False, "updated")


def test_new_advisories_leave_the_flaws_in_place(world: World) -> None:
    world.sync()
    before = world.pointer()
    world.advise(2)
    assert world.sync().published
    after = world.pointer()
    assert after.previous == before.index
    assert after.exploited is not None
    assert before.exploited is not None
    assert after.exploited.key == before.exploited.key
    assert after.previous_exploited == before.exploited


def test_what_nothing_points_to_any_more_is_removed(world: World) -> None:
    for number in range(5):
        world.advise(number + 1)
        world.list(catalogue(*TEN, *(entry(f"CVE-2027-{n:04}") for n in range(number))))
        world.sync()
    assert len(world.pointer().keys) == 4
    assert world.keys() == {"advisories/latest.json", *world.pointer().keys}
    for number in range(3):
        world.list(catalogue(*TEN, entry(f"CVE-2028-{number:04}")))
        world.sync()
    assert world.keys() == {"advisories/latest.json", *world.pointer().keys}


@pytest.mark.parametrize(
    ("content", "cause"),
    [
        (b"<html>Access denied</html>", "no JSON"),
        (catalogue(*TEN, count=11), "says that it has 11"),
        (catalogue(*TEN[:8]), "has 8 entries, it had 10"),
        (b"", "no JSON"),
    ],
)
def test_a_catalogue_that_cannot_be_believed_leaves_the_one_before_in_use(
    world: World, content: bytes, cause: str
) -> None:
    world.sync()
    checked = world.now
    world.list(content)
    report = world.sync()
    assert _outcome(report) == "kept"
    assert report.failed
    assert not report.published
    assert report.catalogue is not None
    assert cause in report.catalogue.cause
    file = world.pointer().exploited
    assert file is not None
    assert file.checked_at == checked, "it gets older"
    assert len(world.flaws()) == 10
    # The broken one's tag was not remembered: a mended catalogue is fetched.
    world.list(catalogue(*TEN, entry("CVE-2026-9999")))
    assert _outcome(world.sync()) == "updated"


def test_a_catalogue_that_is_gone_is_kept(world: World) -> None:
    world.sync()
    (world.folder / FILE).unlink()
    assert _outcome(world.sync()) == "kept"
    assert len(world.flaws()) == 10


def test_a_catalogue_that_never_was_fails_and_hinders_nothing_else(world: World) -> None:
    (world.folder / FILE).unlink()
    report = world.sync()
    assert _outcome(report) == "failed"
    assert report.published
    assert world.pointer().exploited is None
    world.list(catalogue(*TEN))
    assert world.sync().published, "the first list is news"


def test_where_none_is_wanted_none_is_kept_and_that_is_news_once(world: World) -> None:
    world.sync()
    world.place = None
    report = world.sync()
    assert (report.published, report.catalogue) == (True, None)
    assert world.pointer().exploited is None
    assert not world.sync().published


@pytest.mark.parametrize("damage", [b"{}", b"", None])
def test_a_damaged_list_is_stored_anew_and_told_of(world: World, damage: bytes | None) -> None:
    world.sync()
    file = world.pointer().exploited
    assert file is not None
    if damage is None:
        world.s3.delete_object(Bucket=BUCKET, Key=file.key)
    else:
        world.s3.put_object(Bucket=BUCKET, Key=file.key, Body=damage)
    with pytest.raises(PublishedIndexError):
        world.store.exploited(file)
    report = world.sync()
    assert (report.published, _outcome(report)) == (True, "updated")
    assert len(world.flaws()) == 10


def test_another_location_is_asked_for_everything(world: World, tmp_path: Path) -> None:
    world.sync()
    mirror = tmp_path / "mirror"
    mirror.mkdir()
    (mirror / FILE).write_bytes(catalogue(*TEN))
    world.place = CataloguePlace(FolderSource(mirror), FILE)
    assert _outcome(world.sync()) == "updated"
    assert _outcome(world.sync()) == "unchanged"


def test_a_pointer_of_an_earlier_version_is_understood(world: World) -> None:
    world.place = None
    world.sync()
    key = world.store.pointer_key
    fields = json.loads(world.s3.get_object(Bucket=BUCKET, Key=key)["Body"].read())
    del fields["exploited"], fields["previous_exploited"]
    world.s3.put_object(Bucket=BUCKET, Key=key, Body=json.dumps(fields).encode())
    assert world.pointer().exploited is None
    world.place = CataloguePlace(FolderSource(world.folder), FILE)
    assert world.sync().published
    assert len(world.flaws()) == 10


def test_it_is_fetched_from_an_address_only_when_it_changed(world: World, s3: "S3Client") -> None:
    with serving(Site()) as site:
        site.files[f"/feeds/{FILE}"] = catalogue(*TEN)
        world.place = CataloguePlace(*file_at(f"{site.location}/feeds/{FILE}", s3))
        assert world.place.location == f"{site.location}/feeds/{FILE}"
        assert [_outcome(world.sync()) for _ in range(2)] == ["updated", "unchanged"]
        assert [path for path, _ in site.requests] == [f"/feeds/{FILE}"] * 2


def test_it_is_fetched_from_a_bucket(world: World, s3: "S3Client") -> None:
    s3.put_object(Bucket=BUCKET, Key=FILE, Body=catalogue(*TEN))
    world.place = CataloguePlace(*file_at(f"s3://{BUCKET}/{FILE}", s3))
    assert [_outcome(world.sync()) for _ in range(2)] == ["updated", "unchanged"]


def test_another_kind_of_location_is_refused(s3: "S3Client") -> None:
    with pytest.raises(ValueError, match=r"advisories\.known_exploited"):
        file_at("ftp://example.org/kev.json", s3)
