"""Records are read tolerantly: what is wrong is named, the rest stands."""

import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.shared.advisories.record import Event, Rating, RecordError, parse_record
from tests.unit.shared.advisories.osv import advisory, affected, index, span


def test_reads_what_matching_needs() -> None:
    record = parse_record(
        advisory(
            "PYSEC-1",
            affected(
                "Flask_App",
                span(("introduced", "0"), ("fixed", "1.2")),
                span(("introduced", "abc"), kind="GIT"),
                versions=["1.0", "1.1", "1.0"],
                ecosystem_specific={"severity": "HIGH"},
            ),
            affected("left-pad", ecosystem="npm:https://registry.example", versions=["1.0.0"]),
            aliases=["CVE-1", "PYSEC-1", "CVE-1"],
            severity=[{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N"}],
            details="First line.\nSecond line.",
            references=[
                {"type": "WEB", "url": "https://example.org/blog"},
                {"type": "ADVISORY", "url": "https://example.org/advisory"},
                {"type": "WEB", "url": "javascript:alert(1)"},
            ],
        )
    )
    python, node = record.affected
    assert (python.ecosystem, python.name) == ("PyPI", "flask-app")
    assert python.versions == ("1.0", "1.1")
    assert python.ranges == ((Event("introduced", "0"), Event("fixed", "1.2")),)
    assert python.ratings == (Rating("LABEL", "HIGH"),)
    assert (node.ecosystem, node.name) == ("npm", "left-pad")
    assert record.aliases == ("CVE-1",)
    assert record.summary == "First line."
    assert record.references == ("https://example.org/advisory", "https://example.org/blog")
    assert record.problems == ()


def test_an_entry_known_by_untellable_says_so() -> None:
    record = parse_record(advisory("X-1", affected("demo", span(("introduced", "0"), kind="GIT"))))
    assert record.affected[0].untellable


def test_an_endless_history_is_not_evaluated() -> None:
    endless = span(*(("fixed", f"{number}.0") for number in range(2000)))
    record = parse_record(advisory("X-1", affected("demo", endless, versions=["1.0"])))
    assert record.affected[0].untellable
    assert record.affected[0].ranges == ()
    assert "more than 1000 events" in record.problems[0].detail


@pytest.mark.parametrize(
    "document",
    [None, [], "text", {}, {"id": 5}, {"id": ""}, {"id": "with space"}, {"id": "x" * 200}],
)
def test_a_document_without_a_usable_id_is_no_record(document: object) -> None:
    with pytest.raises(RecordError):
        parse_record(document)


@pytest.mark.parametrize(
    ("broken", "named"),
    [
        ({"modified": "yesterday"}, "modified"),
        ({"withdrawn": "maybe"}, "withdrawn"),
        ({"affected": "all"}, "affected: must be a list"),
        ({"affected": ["all"]}, "affected[0]: must be an object"),
        ({"affected": [{"package": {"name": "x"}}]}, "affected[0].package"),
    ],
)
def test_a_wrong_part_is_named_and_the_rest_stands(broken: dict[str, Any], named: str) -> None:
    record = parse_record({**advisory("X-1", affected("demo"), aliases=["CVE-1"]), **broken})
    assert record.aliases == ("CVE-1",)
    assert record.withdrawn is None
    assert any(named in problem.detail for problem in record.problems)


_WHOLE = span(("introduced", "0"), ("fixed", "1.0"))


@pytest.mark.parametrize(
    ("broken", "named"),
    [
        ({"ranges": "all"}, "ranges: must be a list"),
        ({"ranges": [_WHOLE, "all"]}, "ranges[1]: must be an object"),
        ({"ranges": [_WHOLE, {"type": "MAGIC", "events": []}]}, "ranges[1].type"),
        ({"ranges": [_WHOLE, span(("imagined", "1"))]}, "events[0]: none of"),
        ({"ranges": [_WHOLE, span(("introduced", "1"), ("fixed", "\ud800"))]}, "events[1].fixed"),
        ({"ranges": [{"type": "SEMVER", "events": [{"fixed": 2}]}]}, "events[0].fixed"),
        ({"versions": "1.0"}, "versions: must be a list"),
        ({"versions": [1.0]}, "versions[0]"),
        ({"versions": ["\ud800"]}, "versions[0]"),
    ],
)
def test_half_a_statement_is_not_taken_for_a_whole_one(broken: dict[str, Any], named: str) -> None:
    record = parse_record(advisory("X-1", {**affected("demo", _WHOLE), **broken}))
    (entry,) = record.affected
    assert entry.untellable
    assert set(entry.ranges) <= {(Event("introduced", "0"), Event("fixed", "1.0"))}
    assert any(named in problem.detail for problem in record.problems)


def test_hostile_text_is_made_plain_and_short() -> None:
    record = parse_record(advisory("X-1", summary="\x1b[31m" + "a\u202eb" * 1000))
    assert record.summary.isprintable()
    assert len(record.summary) <= 300


_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(st.characters(), max_size=8)
    | st.sampled_from(["\ud800", "PyPI", "demo", "ECOSYSTEM", "0", "1.0"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["package", "ecosystem", "name", "ranges", "events", "type", "introduced", "fixed"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


_FIELDS = st.sampled_from(
    ["modified", "aliases", "affected", "severity", "references", "summary", "withdrawn", "details"]
)
_ENTRIES = st.lists(
    st.fixed_dictionaries(
        {
            "package": st.just({"ecosystem": "PyPI", "name": "demo"}) | _JSON,
            "ranges": _JSON,
            "versions": _JSON,
        }
    ),
    max_size=2,
)


@given(st.dictionaries(_FIELDS, _JSON), _ENTRIES)
def test_no_document_with_an_id_breaks_reading_and_storing(
    fields: dict[str, Any], entries: list[dict[str, Any]]
) -> None:
    document = {**fields, "id": "X-1", "affected": entries or fields.get("affected")}
    assert parse_record(document).id == "X-1"
    with (
        tempfile.TemporaryDirectory() as folder,
        index(Path(folder), {"PyPI": [document]}) as opened,
    ):
        for entry in opened.lookup("PyPI", "demo"):
            assert opened.advisory("PyPI", entry.ref).id == "X-1"


@pytest.mark.parametrize("kind", [{}, [], None, 7, {"a": 1}])
def test_a_range_of_a_strange_type_costs_that_range(kind: Any) -> None:
    strange = span(("introduced", "0")) | {"type": kind}
    record = parse_record(advisory("X-1", affected("demo", strange, versions=["1.0"])))
    assert record.affected[0].versions == ("1.0",)
    assert record.affected[0].untellable
    assert "ranges[0].type" in record.problems[0].detail
