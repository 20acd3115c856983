from hypothesis import given
from hypothesis import strategies as st

from functions.scanner.drift import Drift, Locked, LockedPackage, Need, VersionChange, compare
from functions.scanner.drift.provided import provided_by
from functions.shared.core.packages import Inventory, Package, Problem


def deployed(*packages: tuple[str, str], ecosystem: str = "npm", evidence: str = "") -> Inventory:
    return Inventory(tuple(Package(ecosystem, *item, evidence=evidence) for item in packages))


def locked(*packages: tuple[str, str], ecosystem: str = "npm", need: Need = Need.RUNTIME) -> Locked:
    return Locked(ecosystem, tuple(LockedPackage(*item, need) for item in packages))


def test_what_is_missing_extra_and_changed_is_told_apart() -> None:
    drift = compare(
        deployed(("same", "1.0.0"), ("old", "1.0.0"), ("more", "1.0.0")),
        locked(("same", "1.0.0"), ("old", "2.0.0"), ("gone", "3.0.0")),
    )
    assert drift.missing == (LockedPackage("gone", "3.0.0"),)
    assert [package.name for package in drift.extra] == ["more"]
    assert drift.changed == (VersionChange("old", "1.0.0", ("2.0.0",)),)
    assert drift.found


def test_development_and_optional_packages_are_not_missing_but_may_be_deployed() -> None:
    for need in (Need.DEVELOPMENT, Need.OPTIONAL):
        assert not compare(deployed(), locked(("x", "1.0.0"), need=need)).found
        assert not compare(deployed(("x", "1.0.0")), locked(("x", "1.0.0"), need=need)).found
        assert compare(deployed(("x", "0.9.0")), locked(("x", "1.0.0"), need=need)).changed


def test_several_versions_of_one_package_are_compared_one_by_one() -> None:
    repository = locked(("x", "1.0.0"), ("x", "2.1.0"))
    assert not compare(deployed(("x", "1.0.0"), ("x", "2.1.0")), repository).found
    assert compare(deployed(("x", "1.0.0"), ("x", "2.0.0")), repository).changed == (
        VersionChange("x", "2.0.0", ("2.1.0",)),
    )
    assert compare(deployed(("x", "1.0.0")), repository).missing == (LockedPackage("x", "2.1.0"),)


def test_names_and_versions_compare_in_their_normal_form() -> None:
    for ecosystem, left, right in (
        ("PyPI", ("Zope.Interface", "6.0.0"), ("zope-interface", "6.0")),
        ("PyPI", ("torch", "2.1.0+cpu"), ("torch", "2.1.0")),
        ("npm", ("x", "1.0.0"), ("x", "v1.0.0")),
        ("Go", ("golang.org/x/net", "v0.1.0"), ("golang.org/x/net", "0.1.0")),
        ("RubyGems", ("rack", "2.0"), ("rack", "2.0.0")),
    ):
        assert not compare(
            deployed(left, ecosystem=ecosystem), locked(right, ecosystem=ecosystem)
        ).found


def test_a_bundled_package_without_version_is_neither_missing_nor_changed() -> None:
    assert not compare(deployed(("x", "")), locked(("x", "1.0.0"))).found


def test_only_packages_installed_as_such_are_compared() -> None:
    repository = locked(ecosystem="PyPI")
    for evidence in ("vendored-dist-info", "sbom"):
        assert not compare(
            deployed(("x", "1"), ecosystem="PyPI", evidence=evidence), repository
        ).found
    assert not compare(deployed(("x", "1"), ecosystem="crates.io"), repository).found
    assert not compare(deployed(("stdlib", "1.22"), ecosystem="Go"), locked(ecosystem="Go")).found


def test_the_repositorys_own_packages_are_not_extra() -> None:
    mine = Locked("npm", (), own=frozenset({"mine"}))
    assert not compare(deployed(("mine", "1.0.0")), mine).found


def test_nothing_is_extra_to_a_file_that_does_not_list_everything() -> None:
    incomplete = Locked("PyPI", (LockedPackage("requests", ""),), complete=False)
    assert not compare(
        deployed(("requests", "2.31.0"), ("idna", "3.6"), ecosystem="PyPI"), incomplete
    ).found


def test_what_may_be_inside_unknown_code_is_unverified_instead_of_missing() -> None:
    bundle = Inventory((), (Problem("bundled-code", "index.js"),))
    drift = compare(bundle, locked(("x", "1.0.0")))
    assert drift == Drift(unverified=(LockedPackage("x", "1.0.0"),), bundle=True)
    assert drift.found
    assert compare(bundle, locked(("x", "1.0"), ecosystem="PyPI")).missing


def test_what_the_runtime_provides_is_not_missing() -> None:
    names = frozenset({"boto3", "requests"})
    assert provided_by("python3.13", names) == {"boto3"}
    assert provided_by("nodejs22.x", frozenset({"@aws-sdk/client-s3", "aws-sdk"})) == {
        "@aws-sdk/client-s3"
    }
    assert provided_by("nodejs16.x", frozenset({"aws-sdk"})) == {"aws-sdk"}
    assert provided_by("provided.al2023", names) == frozenset()
    repository = locked(("boto3", "1.0"), ecosystem="PyPI")
    assert not compare(deployed(), repository, provided=frozenset({"boto3"})).found


ITEMS = st.lists(
    st.tuples(st.sampled_from("abc"), st.sampled_from(["1.0.0", "2.0.0", "3.0.0"])), max_size=6
)


@given(ITEMS, ITEMS)
def test_drift_is_none_exactly_when_both_sides_are_the_same(
    left: list[tuple[str, str]], right: list[tuple[str, str]]
) -> None:
    assert compare(deployed(*left), locked(*right)).found is (set(left) != set(right))
