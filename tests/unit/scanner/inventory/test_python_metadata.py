import json

import pytest

from tests.unit.scanner.inventory.archives import metadata, zipped
from tests.unit.scanner.inventory.reading import codes, evidences, purls, read


@pytest.mark.parametrize(
    ("path", "evidence"),
    [
        ("requests-2.32.0.dist-info/METADATA", "dist-info"),
        ("python/lib/python3.12/site-packages/requests-2.32.0.dist-info/METADATA", "dist-info"),
        ("requests-2.32.0.egg-info/PKG-INFO", "egg-info"),
        ("requests.egg-info/PKG-INFO", "egg-info"),
        ("requests-2.32.0-py3.11.egg-info", "egg-info"),
        ("requests-2.32.0-py3.11.egg/EGG-INFO/PKG-INFO", "egg"),
        ("pip/_vendor/requests-2.32.0.dist-info/METADATA", "vendored-dist-info"),
    ],
)
def test_each_form_of_installed_metadata_names_its_package(path: str, evidence: str) -> None:
    inventory = read({path: metadata("Requests", "2.32.0")})
    assert evidences(inventory) == {"pkg:pypi/requests@2.32.0": evidence}
    assert inventory.packages[0].path == path
    assert not inventory.problems


def test_names_are_normalised() -> None:
    assert purls(
        read({"Zope.Interface-6.0.dist-info/METADATA": metadata("Zope.Interface", "6.0")})
    ) == {"pkg:pypi/zope-interface@6.0"}


def test_a_package_inside_a_zipped_egg_is_found() -> None:
    egg = zipped({"EGG-INFO/PKG-INFO": metadata("six", "1.16.0"), "six.py": ""})
    inventory = read({"lib/six-1.16.0-py3.11.egg": egg})
    assert inventory.packages[0].path == "lib/six-1.16.0-py3.11.egg!/EGG-INFO/PKG-INFO"
    assert purls(inventory) == {"pkg:pypi/six@1.16.0"}


def test_packages_of_a_requirements_zip_are_deployed() -> None:
    inner = zipped({"boto3-1.2.3.dist-info/METADATA": metadata("boto3", "1.2.3")})
    assert purls(read({".requirements.zip": inner, "unzip_requirements.py": ""})) == {
        "pkg:pypi/boto3@1.2.3"
    }


def test_a_folder_without_its_metadata_file_still_names_the_package() -> None:
    inventory = read({"typing_extensions-4.9.0.dist-info/RECORD": ""})
    assert evidences(inventory) == {"pkg:pypi/typing-extensions@4.9.0": "dist-info-folder"}


def test_packages_kept_as_an_installed_packages_test_data_are_left_out_and_counted() -> None:
    data = {"setuptools/tests/data/x-1.0.dist-info/METADATA": metadata("x", "1.0")}
    installed = {"setuptools-80.0.dist-info/RECORD": "setuptools/__init__.py,,\n"}
    inventory = read(data | installed)
    assert purls(inventory) == {"pkg:pypi/setuptools@80.0"}
    assert codes(inventory) == {"test-data-left-out"}
    assert purls(read(data)) == {"pkg:pypi/x@1.0"}


@pytest.mark.parametrize(
    "text", ["", "Name: x\n", "Name: ../x\nVersion: 1\n", "Name: x\nVersion: a b\n"]
)
def test_metadata_that_says_nothing_usable_is_a_problem(text: str) -> None:
    inventory = read({"x.egg-info/PKG-INFO": text})
    assert not inventory.packages
    assert codes(inventory) == {"metadata-malformed"}


@pytest.mark.parametrize(
    ("origin", "own"),
    [
        ({"url": "file:///build/app", "dir_info": {}}, True),
        ({"url": "https://files.example/app.whl", "archive_info": {}}, False),
    ],
)
def test_a_package_that_was_installed_from_a_folder_is_the_owners_own(
    origin: dict[str, object], own: object
) -> None:
    members = {
        "app-1.0.dist-info/METADATA": metadata("app", "1.0"),
        "app-1.0.dist-info/direct_url.json": json.dumps(origin),
    }
    (package,) = read(members).packages
    assert package.is_own is own
