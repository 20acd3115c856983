"""Every hostile archive gets an honest answer: its packages plus a named problem, or a problem."""

import io
import resource
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from functions.scanner.inventory.artifact import read_artifact
from functions.scanner.inventory.limits import Limits
from functions.scanner.inventory.problems import MEANINGS
from tests.unit.scanner.inventory import hostile
from tests.unit.scanner.inventory.archives import metadata, zipped
from tests.unit.scanner.inventory.reading import codes, purls, read

HONEST = {"pkg:pypi/honest@1.0"}
OTHER = ("other.egg-info/PKG-INFO", metadata("other", "2.0"))


@pytest.mark.parametrize(
    ("archive", "code"),
    [
        (hostile.encrypted(hostile.with_honest(*OTHER)), "zip-encrypted"),
        (hostile.unknown_method(hostile.with_honest(*OTHER)), "zip-unknown-compression"),
        (hostile.bad_checksum(hostile.with_honest(*OTHER)), "zip-bad-checksum"),
        (hostile.declared_size(hostile.with_honest(*OTHER), 5), "zip-size-lies"),
        (hostile.declared_size(hostile.with_honest(*OTHER), 90), "zip-size-lies"),
        (hostile.damaged(hostile.with_honest(*OTHER)), "zip-corrupt-member"),
        (hostile.other_header(hostile.with_honest(*OTHER)), "zip-header-mismatch"),
        (hostile.far_away(hostile.with_honest(*OTHER)), "zip-truncated"),
        (hostile.with_honest("../../other.egg-info/PKG-INFO", OTHER[1]), "zip-unsafe-path"),
        (hostile.with_honest("/etc/other.egg-info/PKG-INFO", OTHER[1]), "zip-unsafe-path"),
        (hostile.with_honest("C:\\other.egg-info\\PKG-INFO", OTHER[1]), "zip-unsafe-path"),
        (hostile.with_honest("a\\..\\..\\other.egg-info\\PKG-INFO", OTHER[1]), "zip-unsafe-path"),
        (hostile.symlink("/etc/passwd"), "zip-symlink-unresolved"),
        (hostile.symlink("../../secrets"), "zip-symlink-unresolved"),
        (hostile.symlink("nowhere"), "zip-symlink-unresolved"),
        (hostile.with_honest("zeros.bin", bytes(20_000_000)), "zip-bomb"),
        (hostile.with_honest("other.egg-info/PKG-INFO", bytes(20_000_000)), "entry-too-large"),
        (hostile.with_honest("inner.zip", b"not a zip"), "zip-unreadable"),
        (hostile.with_honest("inner.zip", hostile.nested(6)), "archive-depth"),
    ],
)
def test_the_rest_of_the_archive_is_still_read(archive: bytes, code: str) -> None:
    inventory = read(archive)
    assert purls(inventory) == HONEST
    assert code in codes(inventory)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK",
        b"PK\x05\x06" + bytes(18),
        b"not a zip at all" * 100,
        hostile.with_honest(*OTHER)[:-30],
        hostile.with_honest(*OTHER)[:200],
        b"\x1f\x8b\x08" + bytes(100),
    ],
)
def test_what_is_no_archive_is_a_problem_or_truly_empty(data: bytes) -> None:
    inventory = read(data)
    assert not inventory.packages
    assert codes(inventory) == (set() if data[:4] == b"PK\x05\x06" else {"zip-unreadable"})


def test_a_symlink_inside_the_archive_is_no_problem() -> None:
    assert not read(hostile.symlink("honest-1.0.dist-info")).problems


def test_both_members_of_a_duplicate_name_are_read() -> None:
    inventory = read(hostile.duplicate())
    assert purls(inventory) == {"pkg:pypi/honest@1.0", "pkg:pypi/honest@2.0"}
    assert codes(inventory) == {"zip-duplicate-name"}


def test_overlapping_members_are_not_read() -> None:
    inventory = read(hostile.overlapping())
    assert "zip-overlap" in codes(inventory)
    assert len(inventory.problems) < 5


def test_a_directory_that_is_cut_short_is_a_problem() -> None:
    archive = bytearray(hostile.with_honest(*OTHER))
    archive[archive.rfind(b"PK\x01\x02")] = 0
    inventory = read(bytes(archive))
    assert purls(inventory) == HONEST
    assert codes(inventory) == {"zip-unreadable"}


def test_an_archive_behind_other_data_is_read() -> None:
    assert purls(read(b"#!/usr/bin/env python3\n" + hostile.with_honest(*OTHER))) == HONEST | {
        "pkg:pypi/other@2.0"
    }


def test_reading_stops_at_the_work_limit() -> None:
    members = {f"p{n}.egg-info/PKG-INFO": metadata(f"p{n}", "1") for n in range(50)}
    inventory = read_artifact(io.BytesIO(zipped(members)), limits=Limits(reads=10))
    assert len(inventory.packages) == 10
    assert codes(inventory) == {"work-limit"}


def test_an_archive_with_more_members_than_16_bits_count_is_read_to_its_end() -> None:
    archive = zipped({f"f{n}.txt": "" for n in range(66_000)} | dict([hostile.HONEST]))
    inventory = read(archive)
    assert purls(inventory) == HONEST
    assert not inventory.problems


def test_bombs_that_overlap_are_not_taken_for_packages() -> None:
    inventory = read(hostile.overlapping(20, 20_000_000))
    assert not inventory.packages
    assert "zip-overlap" in codes(inventory)


def test_too_many_members_are_a_problem() -> None:
    archive = zipped({f"f{n}": "" for n in range(20)})
    inventory = read_artifact(io.BytesIO(archive), limits=Limits(entries=10))
    assert codes(inventory) == {"zip-too-many-entries"}


def test_text_of_the_archive_is_bounded_and_printable_in_problems() -> None:
    name = "x" * 3000 + "\x1b[31m\n.egg-info/PKG-INFO"
    (problem,) = read({name: "", "y\x1b.egg-info/PKG-INFO": ""}).problems
    assert len(problem.detail) < 1000
    assert problem.detail.isprintable()


def test_every_code_has_a_meaning() -> None:
    assert all(code == code.lower() and " " not in code and text for code, text in MEANINGS.items())


@pytest.mark.parametrize(
    "make",
    [
        "many_members(120_000)",
        "multiplying(12, 4, 5_000_000)",
        "overlapping(2000, 20_000_000)",
        "zipped({f'node_modules/p{n}/package.json': '{}' for n in range(70_000)})",
        "zipped({'index.js': b'/*! ' * 2_000_000 + b'// node_modules/' * 500_000})",
        "zipped({'index.js': 'x', 'index.js.map': source_map(500_000)})",
        "zipped({'META-INF/maven/g/a/pom.xml': b'<parent>' * 400_000})",
        "with_honest('six.py', b'\\n' * 3_900_000)",
        "with_honest('yaml/__init__.py', b'\\nVERSION: ' * 400_000)",
        "zipped({('d/' * 25_000) + f'{n}/__init__.py': 'x' for n in range(300)})",
        "with_honest('zeros.bin', bytes(200_000_000))",
        "with_honest('node_modules/x/package.json', b'[' * 3_000_000)",
        "with_honest('inner.zip', with_honest('a.zip', bytes(15_000_000)))",
    ],
)
def test_hostile_archives_cost_little_time_and_memory(make: str, tmp_path: Path) -> None:
    """In a process of its own, with the limits that the operating system enforces."""
    archive = tmp_path / "hostile.zip"
    archive.write_bytes(eval(f"hostile.{make}", {"hostile": hostile, **vars(hostile)}))  # noqa: S307  # our own text
    script = (
        "import sys\n"
        "from functions.scanner.inventory.artifact import read_artifact\n"
        "inventory = read_artifact(open(sys.argv[1], 'rb'))\n"
        "print(sorted({p.code for p in inventory.problems}), len(inventory.packages))"
    )

    def bounded() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (3, 3))
        resource.setrlimit(resource.RLIMIT_DATA, (200_000_000, 200_000_000))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))

    done = subprocess.run(
        [sys.executable, "-B", "-c", script, str(archive)],
        preexec_fn=bounded, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout != "[] 0\n"


def test_stored_members_are_read_as_deflated_ones() -> None:
    assert purls(read(zipped(dict([hostile.HONEST]), method=zipfile.ZIP_STORED))) == HONEST
