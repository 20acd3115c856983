"""Layouts that real builds make and that were once answered with "nothing, no problem"."""

import base64
import gzip
import io
import json
import marshal
import stat
import struct
import tarfile
import zipfile
from typing import Final

import pytest

from tests.unit.scanner.inventory.archives import manifest, metadata, zipped
from tests.unit.scanner.inventory.programs import elf
from tests.unit.scanner.inventory.reading import codes, evidences, purls, read

_OWN: Final = "import json\n\n\ndef handler(event, context):\n    return json.dumps(event)\n"
_CLASS: Final = b"\xca\xfe\xba\xbe" + bytes(300)
_PYC: Final = b"\xa7\r\r\n" + bytes(12) + marshal.dumps(compile("x = 1", "m", "exec"))
_NOISE: Final = bytes(range(128, 256)) * 40


def _old_tar() -> bytes:
    """A tar archive of before there was any mark in it."""
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        archive.addfile(tarfile.TarInfo("a.js"))
    block = bytearray(data.getvalue()[:512])
    block[257:265] = bytes(8)
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block)
    return bytes(block) + bytes(512)


def _pom(name: str) -> dict[str, str | bytes]:
    group, _, artifact = name.partition(":")
    text = f"groupId={group}\nartifactId={artifact}\nversion=1.0\n"
    return {f"META-INF/maven/{group}/{artifact}/pom.properties": text}


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("deps", _old_tar(), "archive-not-read"),
        ("disk.img", bytes(1080) + b"\x53\xef" + bytes(3000), "archive-not-read"),
        ("app.asar", struct.pack("<4I", 4, 100, 96, 92) + b'{"files":{}}', "archive-not-read"),
        ("deps.Z", b"\x1f\x9d\x90" + bytes(300), "archive-not-read"),
        ("handler.js.gz", gzip.compress(b"exports.x = 1;\n" * 99, mtime=0), "archive-not-read"),
        ("run.sh", b"#!/bin/sh\nexit 0\n" + b"x" * 5000 + b"\0\1\2", "archive-not-read"),
        ("deps.b64", base64.b64encode(zipped({"a": "x" * 900})), "archive-not-read"),
        ("classes.dex", b"dex\n035\0" + bytes(300), "binary-not-identified"),
        ("jre/lib/modules", b"\xda\xda\xfe\xca" + bytes(300), "binary-not-identified"),
        ("main.jsc", b"\x55\x05\xde\xc0" + bytes(300), "binary-not-identified"),
        ("bundle", b"\xc6\x1f\xbc\x03" + bytes(300), "binary-not-identified"),
        ("module.dat", _PYC, "bytecode-only"),
        ("blob.dat", _NOISE, "content-unknown"),
        ("index.php", b"<?php echo 1;", "language-not-read"),
        ("lib/DBI.pm", b"package DBI;", "language-not-read"),
        ("worker.py", b"exec(b'" + b"x" * 4000 + b"')", "source-obscured"),
        ("lib/nokogiri/version.rb", b"VERSION = '1'", "ruby-metadata-missing"),
        ("third_party/mystery/LICENSE", b"MIT", "python-metadata-missing"),
        ("App.dll", b"MZ" + bytes(300), "dotnet-not-identified"),
    ],
)
def test_what_is_not_read_is_a_problem_with_its_place(name: str, data: bytes, code: str) -> None:
    beside = {
        "handler.py": _OWN,
        "lib/nokogiri.rb": "module Nokogiri; end",
        "third_party/mystery/__init__.py": "",
        "Other.deps.json": json.dumps({"targets": {"net8": {"O/1": {"runtime": {"O.dll": {}}}}},
                                       "libraries": {}}),
    }  # fmt: skip
    needed = {
        key: text for key, text in beside.items() if key[:8] == name[:8] or key == "handler.py"
    }
    if name.endswith(".dll"):
        needed["Other.deps.json"] = beside["Other.deps.json"]
    inventory = read({**needed, name: data})
    assert codes(inventory) == {code}
    assert name.rpartition("/")[0] in inventory.problems[0].detail


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("logo.png", b"\x89PNG\r\n\x1a\n" + _NOISE),
        ("model.onnx", _NOISE),
        ("rates.parquet", b"PAR1" + _NOISE),
        ("words.txt", "caf\u00e9 ".encode("latin-1") * 500),
        ("short.bin", b"\xff\xfe\0\1"),
        ("Makefile", b"all:\n\ttrue\n"),
        ("page.html", b"<html>" + b"x" * 9000),
    ],
)
def test_data_is_no_problem(name: str, data: bytes) -> None:
    assert not read({"handler.py": _OWN, name: data}).problems


@pytest.mark.parametrize(
    "script",
    [
        "(function(){return r})()({1:[function(require,module,exports){\n},{}]},{},[1]);\n",
        'define("lodash", ["require"], function (r) { return 1; });\n' * 9,
        "System.register(['x'], function (e) { return {}; });\n",
        "var $parcel$global = globalThis;\n",
        "const merge$1 = 1;\nconst merge$2 = merge$1;\nconst x$1 = merge$2;\nx$1;\n",
        "var commonjsGlobal = globalThis;\n",
    ],
    ids=["browserify", "AMD", "SystemJS", "Parcel", "Rollup of modules", "Rollup of CommonJS"],
)
def test_every_bundler_is_recognised(script: str) -> None:
    assert codes(read({"index.js": script})) == {"bundled-code"}


def test_relocated_classes_are_told_beside_a_library_with_a_pom() -> None:
    jar = zipped({
        **_pom("com.acme:app"),
        "com/acme/App.class": _CLASS,
        "com/acme/shaded/com/google/gson/Gson.class": _CLASS,
        "org/yaml/snakeyaml/Yaml.class": _CLASS,
    })  # fmt: skip
    inventory = read({"lib/app.jar": jar})
    assert codes(inventory) == {"java-classes-unclaimed"}
    assert "com/acme/shaded/com/google/gson" in inventory.problems[0].detail
    assert "org/yaml/snakeyaml" in inventory.problems[0].detail


def test_classes_that_poms_account_for_are_no_problem() -> None:
    names = (
        "com.acme:app", "com.google.code.gson:gson", "commons-io:commons-io", "org.yaml:snakeyaml",
        "com.squareup.okhttp3:okhttp", "com.fasterxml.jackson.core:jackson-databind",
        "com.google.guava:guava", "junit:junit",
    )  # fmt: skip
    classes: dict[str, str | bytes] = {
        f"{folder}/X.class": _CLASS
        for folder in (
            "com/acme", "com/google/gson", "org/apache/commons/io", "org/yaml/snakeyaml", "okhttp3",
            "com/fasterxml/jackson/databind", "com/google/common/collect", "org/junit",
            "META-INF/versions/9/com/google/gson",
        )
    }  # fmt: skip
    poms = {key: text for name in names for key, text in _pom(name).items()}
    assert not read({**poms, **classes}).problems


def test_quarkus_writes_group_and_artifact_into_file_names() -> None:
    jar = zipped({"org/jboss/logging/Logger.class": _CLASS})
    names = ("org.jboss.logging.jboss-logging-3.5.0.Final", "io.netty.netty-common-4.1.1.Final")
    inventory = read({f"lib/main/{name}.jar": jar for name in names})
    assert purls(inventory) == {
        "pkg:maven/org.jboss.logging/jboss-logging@3.5.0.Final",
        "pkg:maven/io.netty/netty-common@4.1.1.Final",
    }


def test_a_gem_without_its_specification_is_named_by_its_folder() -> None:
    folder = "vendor/bundle/ruby/3.3.0/gems"
    inventory = read({f"{folder}/rack-2.0.0/lib/rack.rb": "module Rack; end"})
    assert evidences(inventory) == {"pkg:gem/rack@2.0.0": "gem-folder"}


def test_copies_of_published_packages_count_wherever_they_lie() -> None:
    copy = json.dumps({"name": "axios", "version": "0.21.0", "_resolved": "https://registry"})
    members = {
        "libs/axios/package.json": copy,
        "foo-1.0/PKG-INFO": metadata("foo", "1.0"),
        "third_party/urllib3/__init__.py": "__version__ = '1.26.0'\n",
        "services/api/package.json": manifest("api", "1.0.0"),
    }
    assert purls(read(members)) == {
        "pkg:npm/axios@0.21.0", "pkg:pypi/foo@1.0", "pkg:pypi/urllib3@1.26.0",
    }  # fmt: skip


def test_node_modules_behind_a_link_of_another_name_are_a_problem() -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("store/ms/package.json", manifest("ms", "2.0.0"))
        link = zipfile.ZipInfo("node_modules")
        link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "store")
    assert codes(read(data.getvalue())) == {"zip-symlink-unread"}


def _native_image(document: object) -> bytes:
    packed = gzip.compress(json.dumps(document).encode())
    names = b"\0sbom\0sbom_length\0"
    # The first section begins after the headers, each at the next multiple of 16.
    at = 0x400000 + 128
    length_at = at + len(packed) + -len(packed) % 16
    symbols = bytes(24) + b"".join(
        struct.pack("<IBBHQQ", name, 17, 0, 1, value, 0)
        for name, value in ((1, at), (6, length_at))
    )
    return elf({
        ".data": packed, ".length": struct.pack("<Q", len(packed)), ".dynsym": symbols,
        ".dynstr": names,
    })  # fmt: skip


def test_the_sbom_inside_a_native_image_is_read() -> None:
    component = {"name": "snakeyaml", "purl": "pkg:maven/org.yaml/snakeyaml@1.30"}
    image = _native_image({"bomFormat": "CycloneDX", "components": [component]})
    inventory = read({"bootstrap": image})
    assert purls(inventory) == {"pkg:maven/org.yaml/snakeyaml@1.30"}
    assert not inventory.problems
    assert codes(read({"bootstrap": _native_image([])})) == {
        "binary-not-identified", "metadata-malformed",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("purl", "member", "text"),
    [
        ("pkg:pypi/Foo.Bar@1.0", "foo_bar-1.0.dist-info/METADATA", metadata("foo-bar", "1.0")),
        ("pkg:npm/@a/b@1.0.0", "node_modules/@a/b/package.json", manifest("@a/b", "1.0.0")),
    ],
)
def test_two_spellings_of_a_package_are_one(purl: str, member: str, text: str) -> None:
    sbom = json.dumps({"bomFormat": "CycloneDX", "components": [{"purl": purl}]})
    assert len(read({"bom.json": sbom, member: text}).packages) == 1


def test_a_placeholder_is_no_asset() -> None:
    assets: dict[str, object] = {"lib/net8.0/_._": {}}
    targets = {"net8": {"Old.Api/1.0.0": {"runtime": assets}}}
    document = {"targets": targets, "libraries": {"Old.Api/1.0.0": {"type": "package"}}}
    assert not read({"App.deps.json": json.dumps(document)}).packages
