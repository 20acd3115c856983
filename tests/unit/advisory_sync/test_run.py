"""Syncs one after the other, against a real folder of exports and a bucket."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import pytest

from functions.advisory_sync.run import SyncReport, run
from functions.advisory_sync.sources.folder import FolderSource
from functions.advisory_sync.sources.source import Answer, Failed, Version, export_of
from functions.shared.advisories.index import AdvisoryIndex
from functions.shared.advisories.layout import FORMAT_VERSION
from functions.shared.advisories.published import (
    IndexStore,
    Published,
    PublishedIndexError,
    decode_pointer,
    encode_pointer,
)
from tests.unit.advisory_sync.conftest import BUCKET
from tests.unit.shared.advisories.osv import NOW, advisory, archive, below

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_HOUR = timedelta(hours=1)


class World:
    """A folder of exports, a bucket, and a clock."""

    def __init__(self, folder: Path, s3: "S3Client") -> None:
        self.exports = folder / "exports"
        self.scratch = folder / "scratch"
        self.scratch.mkdir()
        self.s3 = s3
        self.store = IndexStore(s3, BUCKET, "advisories")
        self.now = NOW
        self.broken: set[str] = set()
        self.asked: list[str] = []
        self.location = "test:exports"

    def put(self, ecosystem: str, *records: dict[str, Any] | bytes) -> None:
        path = self.exports / ecosystem / "all.zip"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(archive(*records).getvalue())

    def put_many(self, ecosystem: str, count: int) -> None:
        self.put(ecosystem, *(advisory(f"{ecosystem}-{n}", below("1.0")) for n in range(count)))

    def get(self, name: str, known: Version, into: BinaryIO) -> Answer:
        ecosystem = name.removesuffix(export_of(""))
        if ecosystem in self.broken:
            return Failed("out of order")
        self.asked.append(ecosystem)
        return FolderSource(self.exports).get(name, known, into)

    def sync(self, *ecosystems: str) -> SyncReport:
        report = run(
            self,
            self.s3,
            BUCKET,
            "advisories",
            self.now,
            ecosystems=ecosystems or ("PyPI", "npm"),
            scratch=self.scratch,
        )
        assert list(self.scratch.iterdir()) == []
        return report

    def later(self, time: timedelta = _HOUR) -> datetime:
        self.now += time
        return self.now

    def keys(self) -> set[str]:
        return {item["Key"] for item in self.s3.list_objects_v2(Bucket=BUCKET).get("Contents", [])}

    def pointer(self) -> Published:
        pointer = self.store.newest()
        assert pointer is not None
        return pointer

    def open(self, folder: Path) -> AdvisoryIndex:
        return AdvisoryIndex.open(self.store.download(self.pointer().index, folder))


@pytest.fixture
def world(tmp_path: Path, s3: "S3Client") -> World:
    return World(tmp_path, s3)


def _outcomes(report: SyncReport) -> dict[str, str]:
    return {one.ecosystem: one.outcome.value for one in report.ecosystems}


def test_the_first_sync_publishes_an_index(world: World, tmp_path: Path) -> None:
    world.put("PyPI", advisory("P-1", below("1.0")))
    world.put("npm", advisory("N-1", below("1.0.0", "x", "npm")))
    report = world.sync()
    assert report.published
    assert not report.failed
    assert _outcomes(report) == {"PyPI": "updated", "npm": "updated"}
    assert report.pointer == world.pointer()
    assert world.keys() == {"advisories/latest.json", world.pointer().index.key}
    with world.open(tmp_path) as opened:
        assert len(opened.lookup("npm", "x")) == 1
    assert world.pointer().checked_at == NOW


def test_nothing_new_only_renews_the_age(world: World) -> None:
    world.put("PyPI", advisory("P-1", below("1.0")))
    world.sync("PyPI")
    before = world.pointer()
    report = _later_sync(world, "PyPI")
    assert not report.published
    assert _outcomes(report) == {"PyPI": "unchanged"}
    assert world.pointer().index == before.index
    assert world.pointer().checked_at == NOW + _HOUR


def test_an_unchanged_ecosystem_is_carried_over(world: World, tmp_path: Path) -> None:
    world.put("PyPI", advisory("P-1", below("1.0")))
    world.put("npm", advisory("N-1", below("1.0.0", "x", "npm")))
    world.sync()
    first = world.pointer().index
    world.put("npm", *(advisory(f"N-{n}", below("1.0.0", "x", "npm")) for n in range(3)))
    report = _later_sync(world)
    assert _outcomes(report) == {"PyPI": "unchanged", "npm": "updated"}
    with world.open(tmp_path) as opened:
        assert len(opened.lookup("PyPI", "demo")) == 1
        assert len(opened.lookup("npm", "x")) == 3
        assert opened.age(world.now) == timedelta()
    assert world.pointer().previous == first


def test_the_index_before_the_previous_one_is_removed(world: World) -> None:
    for count in (1, 2, 3):
        world.put_many("PyPI", count)
        _later_sync(world, "PyPI")
    pointer = world.pointer()
    assert pointer.previous is not None
    assert world.keys() == {"advisories/latest.json", pointer.index.key, pointer.previous.key}


def test_a_failing_source_keeps_what_was_known_and_lets_it_age(
    world: World, tmp_path: Path
) -> None:
    world.put_many("PyPI", 4)
    world.put_many("npm", 4)
    world.sync()
    _later_sync(world)  # Nothing new: known to be current an hour later.
    world.broken = {"PyPI"}
    world.put_many("npm", 5)
    report = _later_sync(world)
    assert _outcomes(report) == {"PyPI": "kept", "npm": "updated"}
    assert report.failed
    assert [problem.code for problem in report.problems] == ["advisories-not-updated"]
    assert world.pointer().checked_at == NOW + _HOUR
    with world.open(tmp_path) as opened:
        assert len(opened.lookup("PyPI", "demo")) == 4
        assert opened.age(world.now) == _HOUR


def test_a_source_that_fails_at_first_is_named(world: World) -> None:
    world.put_many("npm", 1)
    world.broken = {"PyPI"}
    report = world.sync()
    assert _outcomes(report) == {"PyPI": "failed", "npm": "updated"}
    assert set(world.pointer().exports) == {"npm"}


def test_when_nothing_can_be_had_nothing_is_published(world: World) -> None:
    world.broken = {"PyPI"}
    report = world.sync("PyPI")
    assert report.pointer is None
    assert report.failed
    assert world.keys() == set()


@pytest.mark.parametrize("content", [b"", b"no zip at all"])
def test_a_broken_archive_does_not_replace_what_works(world: World, content: bytes) -> None:
    world.put_many("PyPI", 4)
    world.put_many("npm", 4)
    world.sync()
    (world.exports / "PyPI" / "all.zip").write_bytes(content)
    world.put_many("npm", 5)
    assert _outcomes(_later_sync(world)) == {"PyPI": "kept", "npm": "updated"}
    assert world.pointer().exports["PyPI"].records == 4
    # The broken one's tag was not remembered: a repaired export is fetched.
    world.put_many("PyPI", 6)
    assert _outcomes(_later_sync(world)) == {"PyPI": "updated", "npm": "unchanged"}


def test_an_export_that_lost_most_of_its_records_is_not_believed(world: World) -> None:
    world.put_many("PyPI", 10)
    world.sync("PyPI")
    world.put_many("PyPI", 4)
    report = _later_sync(world, "PyPI")
    assert _outcomes(report) == {"PyPI": "kept"}
    assert "4 records, it had 10" in report.problems[0].detail
    assert world.pointer().exports["PyPI"].records == 10


def test_an_ecosystem_that_the_source_has_no_more_is_kept(world: World) -> None:
    world.put_many("PyPI", 1)
    world.sync("PyPI")
    (world.exports / "PyPI" / "all.zip").unlink()
    assert _outcomes(_later_sync(world, "PyPI")) == {"PyPI": "kept"}


def test_an_ecosystem_the_source_never_had_is_missing(world: World) -> None:
    world.put_many("npm", 1)
    report = world.sync()
    assert _outcomes(report) == {"PyPI": "missing", "npm": "updated"}
    assert not report.failed


def test_an_ecosystem_that_is_wanted_no_more_leaves_the_index(world: World, tmp_path: Path) -> None:
    world.put_many("PyPI", 1)
    world.put_many("npm", 1)
    world.sync()
    assert _later_sync(world, "npm").published
    with world.open(tmp_path) as opened:
        assert not opened.covers("PyPI")


def test_another_location_is_asked_for_everything(world: World) -> None:
    world.put_many("PyPI", 1)
    world.sync("PyPI")
    world.location = "test:mirror"
    assert _outcomes(_later_sync(world, "PyPI")) == {"PyPI": "updated"}


def test_another_index_format_starts_anew(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.put_many("PyPI", 1)
    with monkeypatch.context() as old:
        old.setattr("functions.shared.advisories.published.FORMAT_VERSION", 0)
        world.sync("PyPI")
    assert _later_sync(world, "PyPI").published
    assert world.pointer().index.format == FORMAT_VERSION


@pytest.mark.parametrize("damage", ["pointer", "index", "index missing"])
def test_damage_in_the_bucket_is_repaired_by_the_next_sync(world: World, damage: str) -> None:
    world.put_many("PyPI", 2)
    world.put_many("npm", 2)
    world.sync()
    key = world.store.pointer_key if damage == "pointer" else world.pointer().index.key
    if damage == "index missing":
        world.s3.delete_object(Bucket=BUCKET, Key=key)
    else:
        world.s3.put_object(Bucket=BUCKET, Key=key, Body=b"{}")
    world.put_many("npm", 3)
    report = _later_sync(world)
    assert _outcomes(report) == {"PyPI": "updated", "npm": "updated"}
    assert report.problems[0].code.endswith("-damaged")


def test_a_sync_that_dies_before_the_pointer_changes_nothing_for_readers(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.put_many("PyPI", 1)
    world.sync("PyPI")
    before = world.pointer()
    world.put_many("PyPI", 2)
    with monkeypatch.context() as death:
        death.setattr(IndexStore, "point_to", _die)
        with pytest.raises(InterruptedError):
            _later_sync(world, "PyPI")
    assert world.pointer() == before
    with world.open(tmp_path) as opened:
        assert len(opened.lookup("PyPI", "demo")) == 1
    assert _later_sync(world, "PyPI").published


def test_a_download_is_verified_and_reused(world: World, tmp_path: Path) -> None:
    world.put_many("PyPI", 1)
    world.sync("PyPI")
    index = world.pointer().index
    path = world.store.download(index, tmp_path / "a")
    world.s3.put_object(Bucket=BUCKET, Key=index.key, Body=b"x" * index.size)
    assert world.store.download(index, tmp_path / "a") == path
    with pytest.raises(PublishedIndexError, match="not what the pointer says"):
        world.store.download(index, tmp_path / "b")
    assert list((tmp_path / "b").iterdir()) == []


def test_the_pointer_survives_its_journey(world: World) -> None:
    world.put_many("PyPI", 1)
    world.sync("PyPI")
    pointer = world.pointer()
    assert decode_pointer(encode_pointer(pointer)) == pointer
    assert json.loads(encode_pointer(pointer))["index"]["sha256"] == pointer.index.sha256


def _later_sync(world: World, *ecosystems: str) -> SyncReport:
    world.later()
    return world.sync(*ecosystems)


def _die(*_: object) -> None:
    raise InterruptedError
