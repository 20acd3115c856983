import zipfile
from pathlib import Path

import pytest

from demo.local_aws.unpacking import Unpacking


def _archive(path: Path, **members: str) -> str:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(f"{name}.py", content)
    return str(path)


def _unpacked(unpacking: Unpacking, file: str, folder: Path) -> Path:
    folder.mkdir()
    with unpacking.ZipFile(file) as archive:
        archive.extractall(folder)
    return folder


def test_workers_with_the_same_archive_share_one_folder(tmp_path: Path) -> None:
    unpacking = Unpacking(tmp_path / "unpacked")
    one, same = (_archive(tmp_path / name, app="VALUE = 1") for name in ("a.zip", "b.zip"))

    folders = [_unpacked(unpacking, file, tmp_path / file[-5:-4]) for file in (one, same)]

    assert [(folder / "app.py").read_text() for folder in folders] == ["VALUE = 1"] * 2
    assert len({folder.resolve() for folder in folders}) == 1


def test_another_archive_has_a_folder_of_its_own(tmp_path: Path) -> None:
    unpacking = Unpacking(tmp_path / "unpacked")
    old = _unpacked(unpacking, _archive(tmp_path / "a.zip", app="VALUE = 1"), tmp_path / "old")
    new = _unpacked(unpacking, _archive(tmp_path / "a.zip", app="VALUE = 2"), tmp_path / "new")

    assert [(one / "app.py").read_text() for one in (old, new)] == ["VALUE = 1", "VALUE = 2"]


def test_members_are_named_until_they_have_been_checked_and_unpacked(tmp_path: Path) -> None:
    unpacking = Unpacking(tmp_path / "unpacked")
    file = _archive(tmp_path / "a.zip", app="")

    before = unpacking.ZipFile(file).namelist()
    _unpacked(unpacking, file, tmp_path / "one")

    assert before == ["app.py"]
    assert unpacking.ZipFile(file).namelist() == []


def test_what_could_not_be_unpacked_is_not_taken_for_the_whole(tmp_path: Path) -> None:
    unpacking = Unpacking(tmp_path / "unpacked")
    file = tmp_path / "a.zip"
    _archive(file, app="VALUE = 1", broken="VALUE = 2")
    content = file.read_bytes()
    file.write_bytes(content.replace(b"VALUE = 2", b"VALUE = 3", 1))  # its checksum is wrong now

    for attempt in ("one", "two"):
        (tmp_path / attempt).mkdir()
        archive = unpacking.ZipFile(str(file))
        with pytest.raises(zipfile.BadZipFile):
            archive.extractall(tmp_path / attempt)
