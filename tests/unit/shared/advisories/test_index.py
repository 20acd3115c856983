"""Building an index and looking packages up in it."""

import io
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from functions.shared.advisories.build import BuildError, Carried, build_index
from functions.shared.advisories.index import AdvisoryIndex, AdvisoryIndexError
from functions.shared.advisories.layout import FORMAT_VERSION
from functions.shared.advisories.record import Event
from tests.unit.shared.advisories.osv import (
    NOW,
    advisory,
    affected,
    archive,
    below,
    export,
    index,
    span,
)


def _ids(opened: AdvisoryIndex, ecosystem: str, name: str) -> list[str]:
    return [opened.advisory(ecosystem, entry.ref).id for entry in opened.lookup(ecosystem, name)]


@pytest.mark.parametrize(
    ("ecosystem", "listed", "spelling", "found"),
    [
        ("PyPI", "Ruamel.YAML", "ruamel_yaml", True),
        ("NuGet", "Newtonsoft.Json", "newtonsoft.json", True),
        ("npm", "JSONStream", "jsonstream", True),
        ("Go", "github.com/BurntSushi/toml", "github.com/burntsushi/toml", True),
        ("Go", "stdlib", "std", True),
        ("RubyGems", "RedCloth", "redcloth", False),
        ("Maven", "org.Example:demo", "org.example:demo", False),
        ("npm", "left-pad", "left_pad", False),
    ],
)
def test_finds_a_package_under_any_spelling_of_its_name(
    tmp_path: Path, ecosystem: str, listed: str, spelling: str, found: bool
) -> None:
    with index(tmp_path, {ecosystem: [advisory("X-1", below("1.0", listed, ecosystem))]}) as opened:
        assert _ids(opened, ecosystem, listed) == ["X-1"]
        assert _ids(opened, ecosystem, spelling) == (["X-1"] if found else [])


def test_keeps_what_an_advisory_says(tmp_path: Path) -> None:
    vector = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"
    record = advisory(
        "GHSA-1",
        affected("demo", span(("introduced", "1.0"), ("last_affected", "2.0"))),
        aliases=["CVE-1"],
        severity=[{"type": "CVSS_V3", "score": vector}],
        summary="Überlauf",
        references=[{"type": "FIX", "url": "https://example.org/fix"}],
    )
    with index(tmp_path, {"PyPI": [record]}) as opened:
        (entry,) = opened.lookup("PyPI", "demo")
        found = opened.advisory("PyPI", entry.ref)
    assert entry.ranges == ((Event("introduced", "1.0"), Event("last_affected", "2.0")),)
    assert (found.rated.score, found.rated.vector) == (9.8, vector)
    assert (found.id, found.aliases, found.names) == ("GHSA-1", ("CVE-1",), ("CVE-1", "GHSA-1"))
    assert (found.summary, found.references) == ("Überlauf", ("https://example.org/fix",))


def test_a_flaw_has_every_name_that_any_record_gives_it(tmp_path: Path) -> None:
    with index(
        tmp_path,
        {
            "PyPI": [
                advisory("PYSEC-1", below("1.0"), aliases=["CVE-1"]),
                advisory("PYSEC-2", below("1.0", "other"), aliases=["CVE-2"]),
            ],
            "npm": [advisory("GHSA-1", below("1.0.0", "x", "npm"), aliases=["CVE-1", "GHSA-9"])],
        },
    ) as opened:
        (entry,) = opened.lookup("PyPI", "demo")
        assert opened.advisory("PyPI", entry.ref).names == ("CVE-1", "GHSA-1", "GHSA-9", "PYSEC-1")


def test_an_export_speaks_for_its_own_ecosystem_only(tmp_path: Path) -> None:
    both = advisory("GHSA-1", below("1.0", "demo"), below("1.0.0", "demo-js", "npm"))
    with index(tmp_path, {"PyPI": [both], "npm": []}) as opened:
        assert _ids(opened, "PyPI", "demo") == ["GHSA-1"]
        assert opened.lookup("PyPI", "demo-js") == ()
        assert opened.exports["PyPI"].rows == 1


def test_withdrawn_advisories_are_out_but_remembered(tmp_path: Path) -> None:
    records = [advisory("X-1", below("1.0"), withdrawn="2026-01-05T00:00:00Z")]
    with index(tmp_path, {"PyPI": records}) as opened:
        assert opened.lookup("PyPI", "demo") == ()
        assert opened.withdrawn_since("PyPI", "X-1") == datetime(2026, 1, 5, tzinfo=UTC)
        assert opened.exports["PyPI"].withdrawn == 1


@pytest.mark.parametrize("newer_first", [True, False])
def test_of_two_records_with_one_id_the_later_modified_counts(
    tmp_path: Path, newer_first: bool
) -> None:
    old = advisory("X-1", below("1.0"), modified="2026-01-01T00:00:00Z")
    new = advisory("X-1", below("2.0"), modified="2026-02-01T00:00:00Z")
    records = [new, old] if newer_first else [old, new]
    with index(tmp_path, {"PyPI": records}) as opened:
        (entry,) = opened.lookup("PyPI", "demo")
        assert entry.ranges[0][-1] == Event("fixed", "2.0")


def test_versions_that_a_range_covers_are_not_stored_twice(tmp_path: Path) -> None:
    entry = affected(
        "demo", span(("introduced", "0"), ("fixed", "2.0")), versions=["1.0", "2004d", "3.0"]
    )
    with index(tmp_path, {"PyPI": [advisory("X-1", entry)]}) as opened:
        (found,) = opened.lookup("PyPI", "demo")
    assert found.versions == ("2004d", "3.0")


def test_says_how_old_it_is_and_what_it_covers(tmp_path: Path) -> None:
    path = tmp_path / "index.sqlite"
    report = build_index(
        [
            export("PyPI", advisory("X-1", below("1.0")), b"broken"),
            export("npm", advisory("Y-1", below("1.0.0", "x", "npm")), at=NOW - timedelta(hours=5)),
        ],
        path,
        NOW,
    )
    with AdvisoryIndex.open(path) as opened:
        assert opened.age(NOW) == timedelta(hours=5)
        assert opened.built_at == NOW
        assert opened.covers("PyPI")
        assert not opened.covers("Maven")
        assert opened.exports == {one.state.ecosystem: one.state for one in report.exports}
        python = opened.exports["PyPI"]
    assert (python.records, python.rows, python.problems) == (1, 1, 1)
    assert report.exports[0].problems[0].code == "advisory-malformed"
    assert report.size == path.stat().st_size


def test_carries_an_unchanged_ecosystem_over_and_joins_new_names(tmp_path: Path) -> None:
    first, second = tmp_path / "first.sqlite", tmp_path / "second.sqlite"
    python = export("PyPI", advisory("PYSEC-1", below("1.0"), aliases=["CVE-1"]))
    old = build_index([python], first, NOW).exports[0].state
    node = advisory("GHSA-1", below("1.0.0", "x", "npm"), aliases=["CVE-1"])
    build_index([Carried(old), export("npm", node)], second, NOW, previous=first)
    with AdvisoryIndex.open(second) as opened:
        (entry,) = opened.lookup("PyPI", "demo")
        assert opened.advisory("PyPI", entry.ref).names == ("CVE-1", "GHSA-1", "PYSEC-1")
        assert opened.exports["PyPI"] == old


def test_a_bad_export_leaves_no_file_behind(tmp_path: Path) -> None:
    path = tmp_path / "index.sqlite"
    bad = export("npm")
    object.__setattr__(bad, "archive", io.BytesIO(b"no zip"))
    with pytest.raises(BuildError, match="test/npm") as caught:
        build_index([export("PyPI"), bad], path, NOW)
    assert caught.value.ecosystem == "npm"
    assert not path.exists()


def test_the_same_exports_give_the_same_bytes(tmp_path: Path) -> None:
    records = [
        advisory(f"X-{n}", below("1.0", f"p{n % 3}"), aliases=[f"C-{n % 5}"]) for n in range(9)
    ]
    files = [tmp_path / "a", tmp_path / "b"]
    for file in files:
        build_index([export("PyPI", *records)], file, NOW)
    assert files[0].read_bytes() == files[1].read_bytes()


@pytest.mark.parametrize("content", [None, b"", b"no database", b"SQLite format 3\0" + b"\0" * 84])
def test_refuses_a_file_that_is_no_index(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "index.sqlite"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(AdvisoryIndexError):
        AdvisoryIndex.open(path)


def test_refuses_a_database_of_somebody_else(tmp_path: Path) -> None:
    path = tmp_path / "other.sqlite"
    with sqlite3.connect(path) as database:
        database.execute(f"PRAGMA user_version = {FORMAT_VERSION}")
    with pytest.raises(AdvisoryIndexError, match="no advisory index"):
        AdvisoryIndex.open(path)


def test_refuses_another_format_version(tmp_path: Path) -> None:
    index(tmp_path, {"PyPI": []}).close()
    with sqlite3.connect(tmp_path / "index.sqlite") as database:
        database.execute("PRAGMA user_version = 999")
    with pytest.raises(AdvisoryIndexError, match="format 999"):
        AdvisoryIndex.open(tmp_path / "index.sqlite")


def test_damage_inside_the_file_is_an_error_and_not_silence(tmp_path: Path) -> None:
    records = [advisory(f"X-{n}", below("1.0", f"package-{n}")) for n in range(400)]
    index(tmp_path, {"PyPI": records}).close()
    path = tmp_path / "index.sqlite"
    content = bytearray(path.read_bytes())
    for page in range(4096, len(content), 4096):
        content[page : page + 64] = b"\xff" * 64
    path.write_bytes(content)
    with pytest.raises(AdvisoryIndexError):
        _find_all(path, [f"package-{number}" for number in range(400)])


def _find_all(path: Path, names: list[str]) -> None:
    with AdvisoryIndex.open(path) as opened:
        for name in names:
            assert opened.lookup("PyPI", name)


def test_an_empty_index_was_never_current(tmp_path: Path) -> None:
    build_index([], tmp_path / "index.sqlite", NOW)
    with AdvisoryIndex.open(tmp_path / "index.sqlite") as opened:
        assert opened.age(NOW) == timedelta.max


def test_archives_can_be_files_or_paths(tmp_path: Path) -> None:
    path = tmp_path / "all.zip"
    path.write_bytes(archive(advisory("X-1", below("1.0"))).getvalue())
    source = export("PyPI")
    object.__setattr__(source, "archive", path)
    report = build_index([source], tmp_path / "index.sqlite", NOW)
    assert report.exports[0].state.records == 1
