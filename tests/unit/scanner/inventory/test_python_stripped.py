import io

import pytest

from functions.scanner.inventory.archive import Archive
from functions.scanner.inventory.limits import DEFAULT, Budget
from functions.scanner.inventory.problems import ProblemLog
from functions.scanner.inventory.readers import python_fingerprints
from functions.scanner.inventory.readers.version_attributes import stated_version
from tests.unit.scanner.inventory.archives import metadata, zipped
from tests.unit.scanner.inventory.reading import codes, evidences, purls, read


@pytest.mark.parametrize(
    ("members", "purl"),
    [
        ({"requests/__init__.py": "", "requests/__version__.py": '__version__ = "2.31.0"'},
         "pkg:pypi/requests@2.31.0"),
        ({"yaml/__init__.py": "__version__ = '6.0.1'\n"}, "pkg:pypi/pyyaml@6.0.1"),
        ({"python/six.py": '__version__ = "1.16.0"\n'}, "pkg:pypi/six@1.16.0"),
        ({"vendor/jinja2/__init__.py": '__version__ = "3.1.2"\n'}, "pkg:pypi/jinja2@3.1.2"),
        ({"google/cloud/storage/__init__.py": "", "google/cloud/storage/version.py":
          '__version__ = "2.14.0"'}, "pkg:pypi/google-cloud-storage@2.14.0"),
    ],
)  # fmt: skip
def test_stripped_packages_are_known_by_what_their_code_states(
    members: dict[str, str | bytes], purl: str
) -> None:
    assert evidences(read(members)) == {purl: "version-attribute"}


def test_an_unlisted_package_next_to_stripped_ones_counts() -> None:
    members: dict[str, str | bytes] = {
        "six.py": '__version__ = "1.16.0"\n',
        "obscurelib/__init__.py": '__version__ = "0.3"\n',
    }
    assert purls(read(members)) == {"pkg:pypi/six@1.16.0", "pkg:pypi/obscurelib@0.3"}


def test_the_functions_own_package_is_not_taken_for_a_published_one() -> None:
    assert not read({"obscurelib/__init__.py": '__version__ = "0.3"\n', "handler.py": ""}).packages


@pytest.mark.parametrize(
    "claim",
    [
        {"PyYAML-6.0.1.dist-info/METADATA": metadata("PyYAML", "6.0.1")},
        {"private_yaml-1.0.dist-info/METADATA": metadata("private-yaml", "1.0"),
         "private_yaml-1.0.dist-info/RECORD": "yaml/__init__.py,sha256=x,1\n"},
    ],
)  # fmt: skip
def test_what_metadata_describes_is_not_counted_twice(claim: dict[str, str | bytes]) -> None:
    inventory = read({"yaml/__init__.py": "__version__ = '5.4'\n", **claim})
    assert set(evidences(inventory).values()) == {"dist-info"}


def test_a_stripped_package_that_states_no_version_is_a_problem() -> None:
    inventory = read({"six.py": '__version__ = "1.16.0"\n', "flask/__init__.py": "import os\n"})
    assert codes(inventory) == {"python-metadata-missing"}


@pytest.mark.parametrize(
    ("source", "file", "version"),
    [
        ('__version__ = "1.2"', "__init__.py", "1.2"),
        ('__version__: str = "1.2.3"', "__init__.py", "1.2.3"),
        ("__version__ = version = '1.2.3.dev4+g0a1b2c'", "_version.py", "1.2.3.dev4+g0a1b2c"),
        ('VERSION = (4, 2, 7, "final", 0)', "__init__.py", "4.2.7"),
        (
            "__version_info__ = (1, 2)\n__version__ = '.'.join(map(str, __version_info__))",
            "x.py",
            "1.2",
        ),
        ('version = "1.2"', "version.py", "1.2"),
        ('version = "1.2"', "__init__.py", ""),
        ('{\n "version": "0.9.1"\n}', "_version.py", "0.9.1"),
        ('__version__ = importlib.metadata.version("x")', "__init__.py", ""),
        ('# __version__ = "1.2"', "__init__.py", ""),
        ('__version__ = "rolling"', "__init__.py", ""),
    ],
)
def test_versions_are_read_from_source_as_text(source: str, file: str, version: str) -> None:
    assert stated_version(source.encode(), file) == version


SILENT: dict[str, str | bytes] = {"flask/__init__.py": "import os\n", "flask/app.py": "APP = 1\n"}


def fingerprint(members: dict[str, str | bytes]) -> str:
    archive = Archive(
        io.BytesIO(zipped(members)), prefix="", budget=Budget(DEFAULT), log=ProblemLog()
    )
    return python_fingerprints.fingerprint(archive.with_extension(".py"), "flask")


def test_a_package_that_states_no_version_is_known_by_its_modules(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    table = {"flask": {fingerprint(SILENT): "3.1.0"}}
    monkeypatch.setattr(python_fingerprints, "_versions", lambda: table)
    assert evidences(read(SILENT)) == {"pkg:pypi/flask@3.1.0": "file-fingerprint"}
    moved = {f"python/{name}": contents for name, contents in SILENT.items()}
    assert purls(read(moved)) == {"pkg:pypi/flask@3.1.0"}
    assert not read(SILENT | {"flask/app.py": "APP = 2\n"}).packages


def test_a_fingerprint_does_not_depend_on_inner_packages() -> None:
    assert fingerprint(SILENT | {"flask/json/__init__.py": "x"}) == fingerprint(SILENT)
    assert fingerprint(SILENT | {"flask/more.py": "x"}) != fingerprint(SILENT)
