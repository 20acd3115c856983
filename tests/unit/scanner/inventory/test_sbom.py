import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.scanner.inventory.sbom import SbomError, from_cyclonedx, to_cyclonedx
from functions.shared.core.packages import Inventory, Package, Problem

ECOSYSTEMS = ("PyPI", "npm", "Maven", "Go", "crates.io", "NuGet", "RubyGems")
TEXT = st.text(st.characters(codec="utf-8"), max_size=30)
NAMES = st.from_regex(r"\A(@[a-z]{1,5}/)?[A-Za-z][A-Za-z0-9._-]{0,20}\Z") | st.just("org.acme:tool")
PACKAGES = st.builds(Package, st.sampled_from(ECOSYSTEMS), NAMES, TEXT, TEXT, TEXT)
PROBLEMS = st.builds(Problem, st.from_regex(r"\A[a-z-]{1,20}\Z"), TEXT)
INVENTORIES = st.builds(
    Inventory,
    st.lists(PACKAGES, max_size=5, unique=True).map(tuple),
    st.lists(PROBLEMS, max_size=3).map(tuple),
)


@given(INVENTORIES)
def test_an_inventory_comes_back_as_it_was_kept(inventory: Inventory) -> None:
    assert from_cyclonedx(to_cyclonedx(inventory)) == inventory


def test_the_document_says_what_other_tools_look_for() -> None:
    package = Package(
        "npm", "@scope/x", "1.0", "node_modules/@scope/x/package.json", "package.json"
    )
    document = json.loads(to_cyclonedx(Inventory((package,), (Problem("zip-bomb", "large"),))))
    assert (document["bomFormat"], document["specVersion"]) == ("CycloneDX", "1.6")
    (component,) = document["components"]
    assert component["purl"] == "pkg:npm/%40scope/x@1.0"
    assert component["evidence"]["occurrences"] == [{"location": package.path}]


def test_a_document_made_elsewhere_is_read_by_its_package_urls() -> None:
    components = [
        {
            "name": "a",
            "purl": "pkg:pypi/A@1.0",
            "components": [{"name": "b", "purl": "pkg:npm/b@2"}],
        },
        {"name": "libc", "version": "6"},
    ]
    inventory = from_cyclonedx(json.dumps({"bomFormat": "CycloneDX", "components": components}))
    assert [package.purl for package in inventory.packages] == ["pkg:pypi/a@1.0", "pkg:npm/b@2"]
    assert [problem.code for problem in inventory.problems] == ["sbom-without-ecosystem"]


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "{}", "[" * 99_999, '{"bomFormat": "CycloneDX", "components": 3}',
     '{"bomFormat": "CycloneDX", "components": [1]}', b"\xff\xfe\xfd"],
)  # fmt: skip
def test_other_texts_are_refused_with_a_reason(text: str | bytes) -> None:
    with pytest.raises(SbomError, match=r"\w+"):
        from_cyclonedx(text)
