"""No artefact is empty only because nobody knew what to look for in it."""

import bz2
import gzip
import io
import json
import lzma
import tarfile
import zipfile

import pytest

from tests.unit.scanner.inventory.archives import manifest, metadata, zipped
from tests.unit.scanner.inventory.programs import build_info, elf
from tests.unit.scanner.inventory.reading import codes, purls, read

_GO = elf({".go.buildinfo": build_info("go1.22.1", "dep\tx.y/z\tv1.0.0\t\n")})
_C = elf({".text": bytes(200)})


def tarred() -> bytes:
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("node_modules/lodash/package.json"))
    return data.getvalue()


@pytest.mark.parametrize("name", ["spec/main", "example/worker.dat", "lib/engine.so.1", "a.json"])
def test_a_program_is_one_under_any_name(name: str) -> None:
    assert "pkg:golang/x.y/z@v1.0.0" in purls(read({name: _GO}))
    assert codes(read({name: _C})) == {"binary-not-identified"}


@pytest.mark.parametrize(
    "data", [b"MZ" + bytes(300), b"\0asm" + bytes(20), b"\xcf\xfa\xed\xfe" + bytes(300)]
)
def test_programs_for_other_systems_are_named(data: bytes) -> None:
    assert codes(read({"tool.bin1": data})) == {"binary-not-identified"}


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("deps.tar.gz", gzip.compress(tarred(), mtime=0)),
        ("deps", bz2.compress(tarred())),
        ("deps.dat", lzma.compress(tarred())),
        ("deps.tar", tarred()),
        ("program.gz", gzip.compress(_C, mtime=0)),
        ("deps.tar.zst", b"\x28\xb5\x2f\xfd" + bytes(50)),
        ("chromium.br", b"\x1b" * 100),
        ("a.7z", b"7z\xbc\xaf\x27\x1c" + bytes(50)),
    ],
)
def test_an_archive_that_is_not_read_is_a_problem(name: str, data: bytes) -> None:
    inventory = read({"app.py": "x = 1", f"vendor/{name}": data})
    assert codes(inventory) == {"archive-not-read"}
    assert f"vendor/{name}" in inventory.problems[0].detail


def test_compressed_data_is_none() -> None:
    assert not read({"words.txt.gz": gzip.compress(b"one two three " * 100)}).problems


def test_a_zip_is_read_under_any_name() -> None:
    inner = zipped({"node_modules/lodash/package.json": manifest("lodash", "4.17.0")})
    for name in ("assets.dat", "example/bundle", "layer.ZIP.bak"):
        assert purls(read({name: inner})) == {"pkg:npm/lodash@4.17.0"}


def test_compiled_python_without_its_sources_is_a_problem_with_its_place() -> None:
    code = b"\xa7\r\r\n" + bytes(40)
    only: dict[str, str | bytes] = {
        "mystery/__init__.pyc": code,
        "mystery/sub/a.pyc": code,
        "x/__pycache__/y.pyc": code,
    }
    inventory = read(only)
    assert codes(inventory) == {"bytecode-only"}
    assert "mystery, x" in inventory.problems[0].detail
    beside: dict[str, str | bytes] = {"app.py": "x = 1", "__pycache__/app.cpython-313.pyc": code}
    assert not read(beside).problems
    installed: dict[str, str | bytes] = {
        "six-1.0.dist-info/METADATA": metadata("six", "1.0"),
        "six-1.0.dist-info/RECORD": "six/__init__.pyc,,\n",
        "six/__init__.pyc": code,
    }
    assert not read(installed).problems


def linked(links: dict[str, str], members: dict[str, str]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, text in members.items():
            archive.writestr(name, text)
        for name, target in links.items():
            info = zipfile.ZipInfo(name)
            info.create_system, info.external_attr = 3, 0o120777 << 16
            archive.writestr(info, target)
    return data.getvalue()


@pytest.mark.parametrize(
    ("link", "target", "member"),
    [
        ("six-1.16.0.dist-info/METADATA", "../meta", "meta"),
        ("six-1.16.0.dist-info", "store", "store/METADATA"),
        ("node_modules/lodash", "../store/lodash", "store/lodash/package.json"),
        ("node_modules/@a/b", "../../store/b", "store/b/package.json"),
        ("node_modules/lodash/package.json", "../../manifest", "manifest"),
        ("lib/a-1.0.jar", "../blob", "blob"),
    ],
)
def test_a_package_behind_a_link_is_a_problem(link: str, target: str, member: str) -> None:
    inventory = read(linked({link: target}, {member: metadata("six", "1.16.0")}))
    assert "zip-symlink-unread" in codes(inventory)


def test_pnpms_links_lead_to_packages_that_are_read() -> None:
    store = "node_modules/.pnpm/ms@2.1.3/node_modules/ms/package.json"
    links = {"node_modules/ms": ".pnpm/ms@2.1.3/node_modules/ms", "lib/libx.so": "libx.so.1"}
    inventory = read(linked(links, {store: manifest("ms", "2.1.3"), "lib/libx.so.1": "text"}))
    assert purls(inventory) == {"pkg:npm/ms@2.1.3"}
    assert not inventory.problems


@pytest.mark.parametrize(
    "name",
    ["bom.json", "app.cdx.json", "META-INF/sbom/application.cdx.json", "dist/lambda.spdx.json",
     "_manifest/spdx_2.2/manifest.spdx.json"],
)  # fmt: skip
def test_an_sbom_is_read_where_tools_put_it(name: str) -> None:
    cyclonedx = {
        "bomFormat": "CycloneDX",
        "components": [
            {"name": "a", "purl": "pkg:npm/a@1.0.0"},
            {"name": "b", "purl": "pkg:npm/b@1.0.0", "scope": "excluded"},
        ],
    }
    spdx = {
        "packages": [
            {
                "name": "a",
                "externalRefs": [{"referenceType": "purl", "referenceLocator": "pkg:npm/a@1.0.0"}],
            }
        ]
    }
    document = json.dumps(spdx if "spdx" in name else cyclonedx)
    more = {"node_modules/c/package.json": manifest("c", "2.0.0")}
    assert purls(read({name: document} | more)) == {"pkg:npm/a@1.0.0", "pkg:npm/c@2.0.0"}


def test_a_stripped_package_alone_that_states_nothing_is_a_problem() -> None:
    alone = {"python/requests/__init__.py": "x = 1\n", "python/requests/api.py": "y = 1\n"}
    assert codes(read(alone)) == {"python-metadata-missing"}


@pytest.mark.parametrize("text", ["Name: a\x07b\nVersion: 1\n", "Version: 1\n", "Name: six\n"])
def test_metadata_that_lies_is_a_problem_and_its_package_not_read(text: str) -> None:
    inventory = read({"six-1.16.0.dist-info/METADATA": text})
    assert codes(inventory) == {"metadata-malformed"}
    assert {one.evidence for one in inventory.packages} == {"dist-info-folder"}


def test_metadata_beyond_the_limit_is_a_problem_and_its_package_not_read() -> None:
    inventory = read({"six-1.16.0.dist-info/METADATA": metadata("six", "1.16.0") + "x" * 5_000_000})
    assert codes(inventory) == {"entry-too-large"}
    assert {one.evidence for one in inventory.packages} == {"dist-info-folder"}


def test_a_net_library_without_files_is_not_deployed() -> None:
    document = {
        "libraries": {
            "A/1.0.0": {"type": "package"},
            "B/1.0.0": {"type": "package"},
            "C/1.0.0": {"type": "package"},
        },
        "targets": {
            ".NETCoreApp,Version=v8.0": {
                "A/1.0.0": {"runtime": {"lib/A.dll": {}}},
                "B/1.0.0": {"dependencies": {"A": "1.0.0"}},
                "C/1.0.0": {"compile": {"lib/C.dll": {}}},
            }
        },
    }
    assert purls(read({"App.deps.json": json.dumps(document)})) == {"pkg:nuget/A@1.0.0"}
