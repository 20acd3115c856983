"""Whatever the bytes are, a reading ends with packages and problems, never with an exception."""

import io
import json

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from functions.scanner.inventory.artifact import read_artifact
from tests.unit.scanner.inventory import hostile
from tests.unit.scanner.inventory.archives import manifest, metadata, zipped
from tests.unit.scanner.inventory.programs import audit_data, build_info, elf
from tests.unit.scanner.inventory.reading import codes, read

SEEDS: dict[str, bytes] = {
    "a-1.0.dist-info/METADATA": metadata("a", "1.0").encode(),
    "a.egg-info/PKG-INFO": metadata("a", "1.0").encode(),
    "a-1.0.dist-info/sboms/a.cdx.json": json.dumps(
        {"bomFormat": "CycloneDX", "components": [{"name": "x", "purl": "pkg:cargo/x@1"}]}
    ).encode(),
    "six.py": b'__version__ = "1.16.0"\nVERSION = (1, 2, 3)\n',
    "node_modules/a/package.json": manifest("a", "1.0.0").encode(),
    "index.js": b"// node_modules/ms/index.js\n/*! axios v1.6.0 */ __webpack_require__",
    "index.js.map": json.dumps({"sources": ["node_modules/a/b.js"], "sections": []}).encode(),
    "META-INF/maven/g/a/pom.properties": b"groupId=g\nartifactId=a\nversion=1\n",
    "META-INF/maven/g/b/pom.xml": b"<project><version>1</version></project>",
    "lib/c-1.0.jar": zipped({"META-INF/MANIFEST.MF": "Bundle-SymbolicName: org.c\n"}),
    "app.deps.json": json.dumps({"libraries": {"A/1.0": {"type": "package"}}}).encode(),
    "specifications/a-1.0.gemspec": b"s.name = 'a'\ns.version = '1.0'\n",
    "bootstrap": elf({".go.buildinfo": build_info("go1.22.1", "dep\tx.y/z\tv1.0.0\t\n")}),
    "program": elf({".dep-v0": audit_data([{"name": "a", "version": "1", "source": "crates.io"}])}),
    "stripped": elf({".data": build_info("go1.22.1", "mod\tx\tv1\n")}, section_table=False),
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(
            ["name", "version", "components", "purl", "libraries", "type", "packages", "sources",
             "sourcesContent", "sections", "map", "bomFormat", "externalRefs", "referenceType",
             "referenceLocator", "documentDescribes", "source", "kind"]
        ),
        inner,
        max_size=5,
    ),
    max_leaves=12,
)  # fmt: skip
QUICK = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def altered(draw: st.DrawFn, original: bytes) -> bytes:
    """`original` with a few bytes overwritten, inserted or cut away."""
    data = bytearray(original)
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, max(0, len(data) - 1)))
        piece = draw(st.binary(max_size=8) | st.sampled_from([b"\xff" * 8, bytes(8), b"\x80" * 4]))
        match draw(st.sampled_from(["overwrite", "insert", "cut"])):
            case "overwrite":
                data[at : at + len(piece)] = piece
            case "insert":
                data[at:at] = piece
            case _:
                del data[at:]
    return bytes(data)


@QUICK
@given(altered(hostile.with_honest("other.egg-info/PKG-INFO", metadata("other", "1"))))
def test_any_damage_to_an_archive(data: bytes) -> None:
    assert "reader-failed" not in codes(read(data))


@QUICK
@given(st.sampled_from(sorted(SEEDS)).flatmap(
    lambda name: st.tuples(st.just(name), altered(SEEDS[name]))
))  # fmt: skip
@example(("bootstrap", b"\x7fELF\x02\x01\x01" + bytes(20) + b"\xff" * 200))
def test_any_damage_to_a_piece_of_evidence(member: tuple[str, bytes]) -> None:
    name, contents = member
    assert "reader-failed" not in codes(read({name: contents}))


@QUICK
@given(
    st.sampled_from([name for name in sorted(SEEDS) if name.endswith(("json", "map"))]),
    JSON | st.dictionaries(st.sampled_from(["bomFormat", "components", "packages"]), JSON),
)
def test_any_json_in_the_place_of_metadata(name: str, value: object) -> None:
    inventory = read({name: json.dumps(value), "index.js": "x"})
    assert "reader-failed" not in codes(inventory)


@QUICK
@given(st.binary(max_size=400))
def test_any_bytes_at_all(data: bytes) -> None:
    inventory = read_artifact(io.BytesIO(data))
    assert inventory.problems or data.find(b"PK\x05\x06") >= 0


NAMES = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=40)


@QUICK
@given(st.dictionaries(NAMES, st.binary(max_size=30), max_size=6))
def test_any_member_names(members: dict[str, bytes]) -> None:
    inventory = read(dict(members))
    assert "reader-failed" not in codes(inventory)
    assert all(problem.detail.isprintable() for problem in inventory.problems)
