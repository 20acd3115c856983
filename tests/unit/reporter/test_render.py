"""The HTML of a report: self-contained, escaped, bounded, and sound with nothing in it."""

import re
import time
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any, Final

import pytest

from functions.reporter.page import page_of
from functions.reporter.render import render
from functions.shared.alerting.finding import Kind
from functions.shared.alerting.handling import Handling, Mute, MutedBy
from functions.shared.core.reading import Known, Unknown
from functions.shared.core.severity import Severity
from functions.shared.flows.graph import Graph
from functions.shared.muting.matcher import Matcher
from tests.unit.reporter.sample import NOW, estate, functions, stored

_EVIL: Final = "\"><script>alert(1)</script><img src=x onerror=alert(1)>{{7*7}}'&"
_NOTHING: Final[dict[str, Any]] = {
    "listed": [],
    "found": [],
    "waivers": [],
    "silences": [],
    "pictures": {},
    "flows": Graph(NOW, (), ()),
}
_VOID: Final = {"meta", "link", "img", "br", "input", "rect", "line"}


class _Reader(HTMLParser):
    """Reads a document and notes what could fetch, run or be left open."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.faults: list[str] = []
        self.scripts = self.headings = 0
        self.ids: list[str] = []
        self.refers: list[str] = []
        self.fetches: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag not in _VOID:
            self.open.append(tag)
        self.scripts += tag == "script"
        self.headings += tag in {"h1", "h2", "h3"}
        self.ids += [str(given["id"])] if "id" in given else []
        for name in ("aria-labelledby", "for"):
            self.refers += str(given[name]).split() if name in given else []
        if str(given.get("href", "")).startswith("#"):
            self.refers.append(str(given["href"])[1:])
        if "src" in given:
            self.fetches.append(str(given["src"]))
        self.faults += [f"{tag} {name}" for name in given if name.startswith("on")]
        self.faults += [f"{tag} style"] if "style" in given else []

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID:
            return
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> without its start")


def read(html: str) -> _Reader:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader


def html_of(**changes: Any) -> str:
    return render(page_of(estate(**changes)))


@pytest.mark.parametrize(
    "changes",
    [
        {},
        _NOTHING,
        {"functions": Unknown("AccessDenied"), "inventories": Unknown("AccessDenied")},
    ],
)
def test_the_document_is_well_formed_and_refers_to_what_is_there(changes: dict[str, Any]) -> None:
    found = read(html_of(**changes))
    assert found.open == []
    assert found.faults == []
    assert len(found.ids) == len(set(found.ids))
    assert set(found.refers) <= set(found.ids)


def test_it_fetches_nothing() -> None:
    html = html_of()
    found = read(html)
    assert all(source.startswith("data:image/svg+xml;base64,") for source in found.fetches)
    assert "default-src &#39;none&#39;" in html
    assert "@import" not in html
    assert not re.search(r"url\(", html)


def test_an_empty_estate_makes_a_report_too() -> None:
    html = html_of(**_NOTHING)
    assert "There is no function in this account and region." in html
    assert "Nothing is open." in html
    assert "No incident." in html
    assert "No flow is known yet." in html


def test_what_could_not_be_read_is_written_large() -> None:
    html = html_of(functions=Unknown("listing the functions: AccessDenied"))
    assert "The functions could not be listed" in html
    assert "<strong>Incomplete:</strong> not read: listing the functions: AccessDenied" in html


def test_hostile_names_tags_and_reasons_are_text() -> None:
    listed = [replace(one, tags={"owner": _EVIL, "environment": _EVIL}) for one in functions(3)]
    mute = Handling(mute=Mute(MutedBy.SILENCE, "id", _EVIL, NOW))
    found = [
        stored("orders", "rule", kind, severity, _EVIL, owner=_EVIL, environment=_EVIL,
               reason=_EVIL, remedy=_EVIL, links=(f"https://x/{_EVIL}", "javascript:alert(1)"),
               evidence={"picture": _EVIL}, handling=handling)
        for kind in Kind
        for severity in (Severity.CRITICAL, Severity.LOW)
        for handling in (Handling(), mute)
    ]  # fmt: skip
    waivers = [replace(one, reason=_EVIL, matcher=Matcher(rule=_EVIL)) for one in estate().waivers]
    html = html_of(listed=listed, found=found, waivers=waivers)
    reader = read(html)
    assert reader.scripts == 1
    assert reader.faults == []
    assert all(source.startswith("data:") for source in reader.fetches)
    assert "javascript:" not in html
    assert "49" not in re.sub(r"[^{}0-9]", "", html.split("{{7*7}}")[0])[-2:]


def test_a_very_large_estate_makes_a_page_that_a_phone_can_open() -> None:
    listed = functions(10_000)
    found = [
        stored(one.function.name, f"rule-{number % 40}", Kind.VULNERABILITY,
               list(Severity)[number % 5], f"package-{number % 700} has known vulnerabilities",
               owner=str((one.tags or {}).get("owner", "")), days=number % 80,
               reason="r " * 150, remedy="m " * 100)
        for number, one in enumerate(listed)
    ]  # fmt: skip
    begin = time.process_time()
    html = html_of(functions=Known(listed), found=found)
    assert time.process_time() - begin < 20
    assert len(html.encode()) < 3_000_000
    assert "10,000 functions" in html or ">10,000<" in html
    assert "8,000 more are counted above" in html
