"""NuGet, RubyGems, and the SBOMs inside Python packages."""

import json

import pytest

from tests.unit.scanner.inventory.reading import codes, evidences, purls, read

GEMSPEC = """# -*- encoding: utf-8 -*-
# stub: rack 2.2.3 ruby lib
Gem::Specification.new do |s|
  s.name = "rack".freeze
  s.version = "2.2.3"
  s.add_dependency("other".freeze, [">= 9"])
end
"""


def test_a_dotnet_application_lists_its_packages() -> None:
    manifest = {
        "libraries": {
            "Mine/1.0.0": {"type": "project"},
            "Newtonsoft.Json/13.0.1": {"type": "package"},
            "runtimepack.Microsoft.NETCore.App.Runtime.linux-x64/8.0.1": {"type": "runtimepack"},
        }
    }
    inventory = read({"Mine.deps.json": json.dumps(manifest), "Newtonsoft.Json.dll": "MZ"})
    assert purls(inventory) == {
        "pkg:nuget/Newtonsoft.Json@13.0.1",
        "pkg:nuget/Microsoft.NETCore.App.Runtime.linux-x64@8.0.1",
    }
    assert not inventory.problems


def test_assemblies_without_a_manifest_are_a_problem() -> None:
    assert codes(read({"Mine.dll": "MZ"})) == {"dotnet-not-identified"}


@pytest.mark.parametrize("text", ["{", "[]", '{"libraries": []}', '{"libraries": {"x": 1}}'])
def test_a_broken_deps_json_is_a_problem(text: str) -> None:
    assert codes(read({"Mine.deps.json": text})) == {"metadata-malformed"}


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("vendor/bundle/ruby/3.2.0/specifications/rack-2.2.3.gemspec", GEMSPEC),
        ("ruby/gems/3.2.0/specifications/default/rack-2.2.3.gemspec", GEMSPEC),
        ("ruby/3.2.0/specifications/rack-2.2.3.gemspec", "# stub: rack 2.2.3 ruby lib\n"),
        ("ruby/3.2.0/specifications/rack-2.2.3.gemspec",
         "s.name = 'rack'\ns.version = Gem::Version.new('2.2.3')\n"),
        ("vendor/bundle/ruby/3.2.0/bundler/gems/rack-0a1b2c/rack.gemspec", GEMSPEC),
    ],
)  # fmt: skip
def test_an_installed_gem_is_found(path: str, text: str) -> None:
    assert evidences(read({path: text})) == {"pkg:gem/rack@2.2.3": "gemspec"}


def test_a_gems_own_source_specification_is_not_an_installed_gem() -> None:
    assert not read({"vendor/bundle/ruby/3.2.0/gems/rack-2.2.3/rack.gemspec": GEMSPEC}).packages


CYCLONEDX = {
    "bomFormat": "CycloneDX",
    "metadata": {"component": {"name": "cryptography", "purl": "pkg:pypi/cryptography@1.0"}},
    "components": [
        {"name": "openssl", "purl": "pkg:generic/openssl@3.0.8?download_url=https://example.com"},
        {
            "name": "asn1",
            "purl": "pkg:cargo/asn1@0.15.5",
            "components": [{"name": "cc", "purl": "pkg:cargo/cc@1.0.0?vcs_url=x"}],
        },
    ],
}
SPDX = {
    "spdxVersion": "SPDX-2.3",
    "documentDescribes": ["SPDXRef-me"],
    "packages": [
        {"SPDXID": "SPDXRef-me", "name": "me"},
        {
            "SPDXID": "SPDXRef-asn1",
            "name": "asn1",
            "externalRefs": [
                {"referenceType": "purl", "referenceLocator": "pkg:cargo/asn1@0.15.5"}
            ],
        },
        {
            "SPDXID": "SPDXRef-cc",
            "name": "cc",
            "externalRefs": [{"referenceType": "purl", "referenceLocator": "pkg:cargo/cc@1.0.0"}],
        },
        {"SPDXID": "SPDXRef-openssl", "name": "openssl"},
    ],
}


@pytest.mark.parametrize("document", [CYCLONEDX, SPDX], ids=["CycloneDX", "SPDX"])
def test_components_compiled_into_a_wheel_are_found_by_its_sbom(
    document: dict[str, object],
) -> None:
    inventory = read({"cryptography-1.0.dist-info/sboms/rust.json": json.dumps(document)})
    assert purls(inventory) == {
        "pkg:cargo/asn1@0.15.5",
        "pkg:cargo/cc@1.0.0",
        "pkg:pypi/cryptography@1.0",
    }
    (problem,) = inventory.problems
    assert problem.code == "sbom-without-ecosystem"
    assert "openssl" in problem.detail


@pytest.mark.parametrize(
    "text", ["{", "[]", '{"bomFormat": "CycloneDX", "components": 7}', "[" * 99_999]
)
def test_a_broken_sbom_is_a_problem(text: str) -> None:
    assert "metadata-malformed" in codes(read({"x-1.0.dist-info/sboms/x.json": text}))
