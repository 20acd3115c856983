"""What is found in an image: of its last state only, the owner's and the system's."""

import io
import tarfile
from collections.abc import Mapping

import pytest

from functions.scanner.images import read as reading
from functions.scanner.images.manifest import Layer
from functions.scanner.images.read import ImageContents, read_image
from tests.unit.scanner.images.building import Blobs, archive, metadata, rpm_database

_OLD = {"var/task/idna-2.8.dist-info/METADATA": metadata("idna", "2.8")}
_NEW = {"var/task/idna-3.7.dist-info/METADATA": metadata("idna", "3.7")}
_DEBIAN = {"etc/os-release": b'NAME="Debian"\nID=debian\n'}


def _found(*layers: Mapping[str, bytes] | bytes, compression: str = "gzip") -> ImageContents:
    blobs = Blobs()
    made = [blobs.layer(one, compression) for one in layers]
    return read_image(made, blobs.open)


def _packages(contents: ImageContents) -> set[str]:
    return {f"{one.name} {one.version}" for one in contents.inventory.packages}


def _codes(contents: ImageContents) -> set[str]:
    return {one.code for one in contents.inventory.problems}


@pytest.mark.parametrize("compression", ["gzip", "zstd", ""])
def test_a_layer_is_read_in_every_compression(compression: str) -> None:
    found = _found(_NEW, compression=compression)
    assert (_packages(found), _codes(found)) == ({"idna 3.7"}, set())


@pytest.mark.parametrize(
    "above",
    [
        {"var/task/.wh.idna-2.8.dist-info": b""},
        {"var/task/.wh..wh..opq": b""},
        {".wh.var": b""},
        {"var/task": b"a file where a folder was"},
    ],
)
def test_what_a_later_layer_deletes_is_not_there(above: Mapping[str, bytes]) -> None:
    assert _packages(_found(_OLD, above)) == set()


def test_a_whiteout_says_nothing_of_its_own_layer_nor_of_those_above() -> None:
    whiteout = {"var/task/.wh..wh..opq": b""}
    assert _packages(_found(_OLD, {**whiteout, **_NEW})) == {"idna 3.7"}
    assert _packages(_found(whiteout, _NEW)) == {"idna 3.7"}


def test_a_file_counts_as_the_last_layer_has_it() -> None:
    path = "var/task/idna.dist-info/METADATA"
    assert _packages(_found({path: metadata("idna", "2.8")}, {path: metadata("idna", "3.7")})) == {
        "idna 3.7"
    }


def test_languages_of_the_owner_and_of_the_system_are_told_apart() -> None:
    found = _found(
        {
            "usr/lib/python3/dist-packages/pip-20.0.dist-info/METADATA": metadata("pip", "20.0"),
            "usr/local/lib/node_modules/npm/package.json": b'{"name":"npm","version":"10.0.0"}',
            "opt/python/idna-3.7.dist-info/METADATA": metadata("idna", "3.7"),
            "usr/lib/unrelated.so": b"\x7fELF" + b"\0" * 100,
        }
    )
    assert _packages(found) == {"pip 20.0", "npm 10.0.0", "idna 3.7"}
    assert {one.name for one in found.inventory.own.packages} == {"idna"}


def test_packages_of_the_operating_system_are_listed_and_said_to_be_unmatched() -> None:
    status = (
        b"Package: openssl\nStatus: install ok installed\nVersion: 3.0.1-1\nNotes: x\n y\n\n"
        b"Package: gone\nStatus: deinstall ok config-files\nVersion: 1\n"
    )
    found = _found({**_DEBIAN, "var/lib/dpkg/status": status})
    assert _packages(found) == {"debian/openssl 3.0.1-1"}
    assert [one.purl for one in found.inventory.packages] == ["pkg:deb/debian/openssl@3.0.1-1"]
    assert _codes(found) == {"os-packages-unmatched"}


def test_the_databases_of_distroless_alpine_and_amazon_linux_are_read() -> None:
    found = _found(
        {
            "var/lib/dpkg/status.d/libc6": b"Package: libc6\nVersion: 2.36-9\n",
            "lib/apk/db/installed": b"C:Q1\nP:musl\nV:1.2.5-r0\n\nP:zlib\nV:1.3.1-r1\n",
            "var/lib/rpm/rpmdb.sqlite": rpm_database(
                {"openssl-libs": ("3.0.8", "1.amzn2023", 1), "glibc": ("2.34", "52.amzn2023", 0)}
            ),
            "usr/lib/os-release": b'ID="amzn"\n',
        }
    )
    assert _packages(found) == {
        "amzn/libc6 2.36-9",
        "amzn/musl 1.2.5-r0",
        "amzn/zlib 1.3.1-r1",
        "amzn/openssl-libs 1:3.0.8-1.amzn2023",
        "amzn/glibc 2.34-52.amzn2023",
    }


@pytest.mark.parametrize("data", [b"\0" * 4096, b"SQLite format 3\0" + b"\xff" * 500])
def test_a_database_that_cannot_be_read_is_a_problem(data: bytes) -> None:
    found = _found({"var/lib/rpm/rpmdb.sqlite": data})
    assert _codes(found) == {"os-packages-unread"}


def test_credentials_of_the_owner_are_found_and_those_of_the_system_not_looked_for() -> None:
    key = b"github_token = 'ghp_1a2B3c4D5e6F7g8H9i0JkLmNoPqRsTuVwXyZ'\n"
    found = _found({"var/task/settings.py": key, "usr/lib/x.py": key})
    assert {place.path for place in found.secrets.places} <= {"var/task/settings.py"}
    assert found.secrets.complete


def test_a_hard_link_is_the_file_that_it_names() -> None:
    blobs = Blobs()
    path = "var/task/a/METADATA"
    raw = archive({path: metadata("idna", "3.7")}, links={"opt/idna.dist-info/METADATA": path})
    assert _packages(read_image([blobs.layer(raw)], blobs.open)) == {"idna 3.7"}


def test_a_large_file_without_code_is_kept_by_its_beginning() -> None:
    data = b"weights" * (9 * 1024 * 1024 // 7)
    found = _found({"var/task/model.bin": data, **_NEW})
    assert (_packages(found), _codes(found)) == ({"idna 3.7"}, set())


def _damaged(layer: Layer, **changes: object) -> Layer:
    fields = {name: getattr(layer, name) for name in ("digest", "size", "compression", "foreign")}
    return Layer(**{**fields, **changes})


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"foreign": True}, "outside of the registry"),
        ({"size": 10}, "larger than the manifest says"),
        ({"size": 10**6}, "not those that the manifest names"),
        ({"compression": "zstd"}, "cannot be decompressed"),
        ({"compression": ""}, "damaged"),
    ],
)
def test_a_layer_that_is_not_what_the_manifest_says_is_a_problem(
    changes: dict[str, object], said: str
) -> None:
    blobs = Blobs()
    base, top = blobs.layer(_OLD), blobs.layer({"var/task/x.txt": b"x"})
    found = read_image([base, _damaged(top, **changes)], blobs.open)
    assert "idna 2.8" in _packages(found), "the other layers still count"
    (problem,) = [one for one in found.inventory.problems if one.code == "image-layer-unread"]
    assert said in problem.detail
    assert not found.secrets.complete


def test_another_blob_of_the_same_size_is_a_problem() -> None:
    blobs = Blobs()
    layer = blobs.layer(_NEW, "")
    changed = blobs.data[layer.digest].replace(b"3.7", b"2.8")
    blobs.data[layer.digest] = changed
    assert "image-layer-unread" in _codes(read_image([layer], blobs.open))


def test_members_that_lead_outside_are_reported() -> None:
    found = _found({"../../etc/passwd": b"x", "var/task/../../x": b"x", **_NEW})
    assert _codes(found) == {"zip-unsafe-path"}
    assert _packages(found) == {"idna 3.7"}


def test_more_than_can_be_read_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_UNPACKED", 100_000)
    bomb = {"var/task/zeros.bin": b"\0" * 5_000_000}
    found = _found(_OLD, bomb)
    assert "image-too-large" in _codes(found)
    monkeypatch.setattr(reading, "_MEMBERS", 2)
    many = {f"usr/share/{n}": b"" for n in range(5)}
    assert "image-too-large" in _codes(_found(many))


@pytest.mark.parametrize(
    ("raw", "codes"),
    [
        (b"\0" * 1024, set()),
        (b"", {"image-layer-unread"}),
        (b"garbage" * 1000, {"image-layer-unread"}),
    ],
)
def test_an_archive_without_files_is_empty_and_none_is_a_problem(
    raw: bytes, codes: set[str]
) -> None:
    found = _found(raw)
    assert (_packages(found), _codes(found)) == (set(), codes)


def test_an_archive_cut_off_is_a_problem() -> None:
    raw = archive({"var/task/a.txt": b"x" * 5000})[:2000]
    assert "image-layer-unread" in _codes(_found(raw))


def test_tar_has_the_format_that_tools_write() -> None:
    """Long names and large numbers come in extra headers, of GNU and of POSIX."""
    name = f"var/task/{'d' * 180}/idna-3.7.dist-info/METADATA"
    for kind in (tarfile.GNU_FORMAT, tarfile.PAX_FORMAT):
        buffer = io.BytesIO()
        with tarfile.open(fileobj=buffer, mode="w", format=kind) as tar:
            member = tarfile.TarInfo(name)
            member.size = len(metadata("idna", "3.7"))
            tar.addfile(member, io.BytesIO(metadata("idna", "3.7")))
        assert _packages(_found(buffer.getvalue())) == {"idna 3.7"}
