"""A new index: only what is different is told."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from functions.scanner.vulnerabilities import IndexChanges, Knowledge, rematch
from functions.shared.advisories.exploited import NONE_KNOWN, Exploitation, ExploitedFlaws
from functions.shared.core.packages import Package
from functions.shared.core.severity import Severity
from tests.unit.shared.advisories.osv import advisory, affected, below, index, span

_HIGH = {"database_specific": {"severity": "HIGH"}}
_INSTALLED = [Package("PyPI", "demo", "1.0"), Package("PyPI", "other", "1.0")]
_KNOWN = advisory("PYSEC-1", below("1.5"), aliases=["CVE-1"])


def _index_changes(
    folder: Path, before: list[dict[str, Any]], after: list[dict[str, Any]]
) -> IndexChanges:
    (folder / "old").mkdir()
    (folder / "new").mkdir()
    with (
        index(folder / "old", {"PyPI": before}) as old,
        index(folder / "new", {"PyPI": after}) as new,
    ):
        return rematch(_INSTALLED, Knowledge(old), Knowledge(new))


@pytest.mark.parametrize(
    "after",
    [
        [_KNOWN],
        [{**_KNOWN, "modified": "2026-02-02T00:00:00Z", "summary": "Another wording."}],
        [_KNOWN, advisory("GHSA-1", below("1.5"), aliases=["CVE-1"])],
        [advisory("GHSA-1", below("1.5"), aliases=["CVE-1"])],
        [_KNOWN, advisory("PYSEC-9", below("1.5", "not-installed"))],
        [_KNOWN, advisory("PYSEC-9", below("0.5", "other"))],
    ],
    ids=["same", "reworded", "second database", "other database", "not installed", "fixed here"],
)
def test_what_was_known_is_no_news(tmp_path: Path, after: list[dict[str, Any]]) -> None:
    assert not _index_changes(tmp_path, [_KNOWN], after)


def test_a_flaw_nobody_knew_is_new(tmp_path: Path) -> None:
    changes = _index_changes(
        tmp_path, [_KNOWN], [_KNOWN, advisory("PYSEC-2", below("2.0", "other"))]
    )
    assert [one.id for one in changes.new] == ["PYSEC-2"]
    assert not changes.gone
    assert not changes.changed


@pytest.mark.parametrize(
    "after",
    [[], [{**_KNOWN, "withdrawn": "2026-02-02T00:00:00Z"}], [advisory("PYSEC-1", below("0.9"))]],
    ids=["deleted", "withdrawn", "corrected"],
)
def test_a_flaw_that_is_stated_no_more_is_gone(tmp_path: Path, after: list[dict[str, Any]]) -> None:
    changes = _index_changes(tmp_path, [_KNOWN], after)
    assert [one.id for one in changes.gone] == ["PYSEC-1"]
    assert not changes.new


@pytest.mark.parametrize(
    ("after", "severity", "fixed"),
    [({**_KNOWN, **_HIGH}, Severity.HIGH, "1.5"), (advisory("PYSEC-1", below("1.4")), None, "1.4")],
    ids=["rated", "fixed earlier"],
)
def test_a_new_severity_or_fix_is_a_change(
    tmp_path: Path, after: dict[str, Any], severity: Severity | None, fixed: str
) -> None:
    changes = _index_changes(tmp_path, [_KNOWN], [after])
    assert not changes.new
    (change,) = changes.changed
    assert (change.before.severity, change.before.fixed) == (None, "1.5")
    assert (change.after.severity, change.after.fixed) == (severity, fixed)


def test_a_flaw_that_became_unclear_is_not_gone(tmp_path: Path) -> None:
    unclear = advisory("PYSEC-1", affected("demo", span(("introduced", "0"), ("fixed", "soon"))))
    changes = _index_changes(tmp_path, [_KNOWN], [unclear])
    assert not changes.gone
    assert [item.ids for item in changes.newly_undecided] == [("PYSEC-1",)]


def test_two_findings_that_turn_out_to_be_one_flaw_are_no_news(tmp_path: Path) -> None:
    second = advisory("PYSEC-2", below("1.5"))
    joined = {**second, "aliases": ["CVE-1"]}
    assert not _index_changes(tmp_path, [_KNOWN, second], [_KNOWN, joined])


_LISTED = ExploitedFlaws({"CVE-1": Exploitation("CVE-1", date(2026, 3, 1))})


@pytest.mark.parametrize("listed", [(NONE_KNOWN, _LISTED), (_LISTED, NONE_KNOWN)])
def test_that_attackers_use_a_flaw_or_do_not_any_more_is_news(
    tmp_path: Path, listed: tuple[ExploitedFlaws, ExploitedFlaws]
) -> None:
    before, after = listed
    with index(tmp_path, {"PyPI": [_KNOWN]}) as same:
        changes = rematch(_INSTALLED, Knowledge(same, before), Knowledge(same, after))
        assert [one.after.id for one in changes.changed] == ["PYSEC-1"]
        assert not rematch(_INSTALLED, Knowledge(same, after), Knowledge(same, after))
