"""Every ecosystem's order: against its own tool, its own documents, and the laws of orders."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.shared.advisories.versions.ecosystems import ECOSYSTEMS, order_of
from functions.shared.advisories.versions.order import Comparable, Order, VersionError

_RECORDED = Path(__file__).parent / "orders"


def _order(ecosystem: str) -> Order:
    order = order_of(ecosystem)
    assert order is not None
    return order


def _sign(order: Order, left: str, right: str) -> str:
    one, other = order.parse(left), order.parse(right)
    return "=" if one == other else "<" if one < other else ">"


def _recorded() -> Iterator[tuple[str, str, str, str]]:
    for path in sorted(_RECORDED.glob("*.tsv")):
        for line in path.read_text().splitlines():
            if not line.startswith("#"):
                left, sign, right = line.split("\t")
                yield path.stem, left, sign, right


def test_recorded_answers_cover_four_tools() -> None:
    assert {row[0] for row in _recorded()} == {"Go", "Maven", "RubyGems", "npm"}


@pytest.mark.parametrize("ecosystem", ["Go", "Maven", "RubyGems", "npm"])
def test_orders_as_the_ecosystems_own_tool(ecosystem: str) -> None:
    order = _order(ecosystem)
    wrong = []
    for name, left, sign, right in _recorded():
        if name != ecosystem:
            continue
        try:
            answer = _sign(order, left, right) if sign != "?" else str(order.parse(left))
        except VersionError:
            answer = "?"
        if answer != sign:
            wrong.append((left, sign, right, answer))
    assert not wrong


# From the ecosystems' documents; each list ascends.
_ASCENDING = {
    "semver.org, item 11": (
        ("npm", "crates.io", "Go", "NuGet"),
        (
            "1.0.0-alpha 1.0.0-alpha.1 1.0.0-alpha.beta 1.0.0-beta 1.0.0-beta.2 1.0.0-beta.11 "
            "1.0.0-rc.1 1.0.0 2.0.0 2.1.0 2.1.1"
        ),
    ),
    "semver.org, item 11, long labels": (
        ("npm", "crates.io", "Go", "NuGet"),
        "1.0.0-0.3.7 1.0.0-x.7.z.92 1.0.0-x.7.z.92.0 1.0.0-x.7.z.100 1.0.0",
    ),
    "PEP 440, summary of permitted suffixes": (
        ("PyPI",),
        (
            "1.0.dev456 1.0a1 1.0a2.dev456 1.0a12.dev456 1.0a12 1.0b1.dev456 1.0b2 "
            "1.0b2.post345.dev456 1.0b2.post345 1.0rc1.dev456 1.0rc1 1.0 1.0+abc.5 1.0+abc.7 1.0+5 "
            "1.0.post456.dev34 1.0.post456 1.0.15 1.1.dev1 1!0.1"
        ),
    ),
    "Gem::Version": (
        ("RubyGems",),
        "1.0.a 1.0.b1 1.0.pre 1.0.rc.2 1.0.rc10 1.0 1.0.1.pre 1.0.1 1.9 1.10",
    ),
    "ComparableVersion, well-known qualifiers": (
        ("Maven",),
        (
            "1-alpha2snapshot 1-alpha2 1-alpha-123 1-beta-2 1-beta123 1-m2 1-m11 1-rc 1-cr2 "
            "1-rc123 1-SNAPSHOT 1 1-sp 1-sp2 1-sp123 1-abc 1-def 1-pom-1 1-1-snapshot 1-1 1-2 1-123"
        ),
    ),
    "pseudo-versions": (
        ("Go",),
        (
            "v0.0.0-20191109021931-daa7c04131f5 v0.0.0-20200101000000-000000000000 "
            "v0.1.0-0.20200101000000-000000000000 v0.1.0 v1.2.3-pre.0.20200101000000-000000000000 "
            "v1.2.3 v1.2.4-0.20200101000000-000000000000 v1.2.4 v2.0.0+incompatible"
        ),
    ),
    "releases of Go": (
        ("Go",),
        "go1.20 go1.21rc2 go1.21rc10 go1.21.0 go1.21.3 1.22.0-rc.1 go1.22.1",
    ),
    "NuGet, fourth number": (("NuGet",), "1.0.0.0-beta 1.0 1.0.0.1-alpha 1.0.0.1 1.0.1 1.0.10"),
}


@pytest.mark.parametrize(
    ("ecosystem", "versions"),
    [
        pytest.param(ecosystem, text.split(), id=f"{ecosystem}: {source}")
        for source, (ecosystems, text) in _ASCENDING.items()
        for ecosystem in ecosystems
    ],
)
def test_orders_as_documented(ecosystem: str, versions: list[str]) -> None:
    order = _order(ecosystem)
    assert [_sign(order, low, high) for low, high in pairwise(versions)] == ["<"] * (
        len(versions) - 1
    )


@pytest.mark.parametrize(
    ("ecosystem", "spellings"),
    [
        ("PyPI", "1.0 1.0.0 v1.0"),
        ("PyPI", "1.0rc1 1.0-RC.1 1.0c1"),
        ("npm", "1.2.3 v1.2.3 =1.2.3 1.2.3+build"),
        ("Go", "v2.0.0 2.0.0 v2.0.0+incompatible"),
        ("Go", "go1.21.0 go1.21 1.21.0"),
        ("crates.io", "1.2.3 1.2.3+build.5"),
        ("NuGet", "1.0 1.0.0 1.0.0.0 01.0 1.0.0+meta"),
        ("NuGet", "1.0.0-Beta 1.0.0-BETA"),
        ("RubyGems", "1 1.0 1.0.0"),
        ("Maven", "1 1.0 1-ga 1.0.0.RELEASE 1-final 1.0-0"),
    ],
)
def test_other_spellings_are_the_same_version(ecosystem: str, spellings: str) -> None:
    first, *others = (_order(ecosystem).parse(text) for text in spellings.split())
    assert all(other == first for other in others)


@pytest.mark.parametrize(
    ("ecosystem", "text"),
    [
        ("PyPI", "banana"),
        ("PyPI", ""),
        ("npm", "1.2.3.4"),
        ("npm", "latest"),
        ("npm", "٣.0.0"),  # Digits of another script are no digits here.
        ("Go", "(devel)"),
        ("crates.io", "1.x"),
        ("NuGet", "1.0.0.0.0"),
        ("RubyGems", "1..2"),
        ("RubyGems", " "),
        *((ecosystem, "1" * 257) for ecosystem in ECOSYSTEMS),
    ],
)
def test_refuses_what_has_no_place_in_the_order(ecosystem: str, text: str) -> None:
    with pytest.raises(VersionError):
        _order(ecosystem).parse(text)


_PARTS = st.sampled_from(["0", "1", "2", "10", "01", "a", "b", "rc", "alpha", "x", "pre"])
_TEXTS = st.lists(_PARTS, min_size=1, max_size=5).flatmap(
    lambda parts: st.lists(
        st.sampled_from([".", "-", "+", ""]), min_size=len(parts) - 1, max_size=len(parts) - 1
    ).map(lambda marks: parts[0] + "".join(m + p for m, p in zip(marks, parts[1:], strict=True)))
)
_VERSIONS = st.one_of(
    _TEXTS,
    st.tuples(st.sampled_from(["1.0.0", "1.2.3", "0.0.1"]), st.sampled_from("-+."), _TEXTS).map(
        "".join
    ),
)


def _readable(order: Order, texts: tuple[str, ...]) -> list[Comparable]:
    versions = []
    for text in texts:
        try:
            versions.append(order.parse(text))
        except VersionError:
            continue
    return versions


# Maven's own order is not transitive for some mixtures of unknown words and release words.
@pytest.mark.parametrize("ecosystem", sorted(set(ECOSYSTEMS) - {"Maven"}))
@given(texts=st.tuples(_VERSIONS, _VERSIONS, _VERSIONS))
def test_is_a_total_order(ecosystem: str, texts: tuple[str, ...]) -> None:
    versions = _readable(_order(ecosystem), texts)
    for one in versions:
        for other in versions:
            assert (one < other) + (one == other) + (one > other) == 1
            assert (one <= other) == (one < other or one == other)
            for third in versions:
                assert not (one <= other <= third) or one <= third


@given(text=st.text(max_size=60))
def test_maven_reads_and_compares_any_text(text: str) -> None:
    order = _order("Maven")
    version = order.parse(text)
    assert version == order.parse(text)
    assert (version < order.parse("1.0")) != (version >= order.parse("1.0"))


def test_a_local_label_does_not_lift_a_python_version_above_its_release() -> None:
    order = _order("PyPI")
    installed, last = order.parse("2.0.0+cu118"), order.parse("2.0.0")
    assert installed > last
    assert not order.is_past(installed, last)
    assert order.same_release(installed, last)
    assert not order.same_release(installed, order.parse("2.0.0+cpu"))
