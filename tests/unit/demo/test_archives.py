import io
import zipfile
from pathlib import Path

import pytest

from demo.estate.archives import damaged, files_below, zipped

FILES = {"b.txt": b"second" * 50, "a/a.txt": b"first" * 50}


def test_the_same_files_make_the_same_archive() -> None:
    assert zipped(FILES) == zipped(dict(reversed(FILES.items())))


def test_damage_hits_one_member_and_no_other() -> None:
    with zipfile.ZipFile(io.BytesIO(damaged(zipped(FILES), "a/a.txt"))) as archive:
        assert archive.namelist() == ["a/a.txt", "b.txt"]
        assert archive.read("b.txt") == FILES["b.txt"]
        with pytest.raises(Exception, match=r"(?i)error|bad"):
            archive.read("a/a.txt")


def test_traces_of_the_installers_are_left_out(tmp_path: Path) -> None:
    for name in ("lib/code.py", "lib/__pycache__/code.pyc", "node_modules/.package-lock.json"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"")
    assert list(files_below(tmp_path)) == ["lib/code.py"]
