"""The report in a real browser: it opens by itself, on a phone, in the dark, for everybody."""

from pathlib import Path
from typing import Any, Final

import pytest

from functions.reporter.page import page_of
from functions.reporter.render import render
from functions.shared.flows.graph import Graph
from tests.integration.report.browser import NAMES, asked, audited, browser, opened
from tests.unit.reporter.sample import NOW, estate

_AXE: Final = Path(__file__).resolve().parents[3] / "node_modules" / "axe-core" / "axe.min.js"
_PHONE: Final = 390
_DESK: Final = 1200

pytestmark = pytest.mark.skipif(
    browser() is None,
    reason=f"no browser: install one of {', '.join(NAMES)} (Debian: apt-get install chromium)",
)


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report of a realistic estate."""
    return _written(tmp_path_factory.mktemp("report") / "estate.html")


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report of an estate without a function."""
    nothing: dict[str, Any] = {
        "listed": [],
        "found": [],
        "waivers": [],
        "silences": [],
        "pictures": {},
    }
    file = tmp_path_factory.mktemp("empty") / "estate.html"
    file.write_text(render(page_of(estate(flows=Graph(NOW, (), ()), **nothing))), "utf-8")
    return file


def _written(file: Path) -> Path:
    file.write_text(render(page_of(estate())), encoding="utf-8")
    return file


def test_its_own_style_and_script_run_under_its_own_policy(report: Path) -> None:
    document = opened(report)
    assert '<p id="filtering" class="filter">' in document, "the script ran: it shows the filter"
    look = asked(
        report, "return view.getComputedStyle(view.document.body).fontFamily;", width=_DESK
    )
    assert "system-ui" in look


def test_nothing_else_may_run_or_be_fetched(report: Path, tmp_path: Path) -> None:
    evil = report.with_name("evil.html")
    evil.write_text(
        report.read_text("utf-8").replace(
            "</main>",
            "<script>document.title = 'evil'</script>"
            "<img src='file:///etc/hostname' onerror=\"document.title = 'evil'\"></main>",
        ),
        encoding="utf-8",
    )
    assert asked(evil, "return view.document.title;", width=_DESK).startswith("Lambda estate")


def test_a_function_leads_to_its_findings_and_a_finding_to_its_functions(report: Path) -> None:
    found = asked(
        report,
        """
        const page = view.document;
        const link = page.querySelector("#inventory a[data-to]");
        link.click();
        const shown = [...page.querySelectorAll("details.finding")].filter((one) => !one.hidden);
        const name = link.textContent;
        const texts = shown.map((one) => `${one.textContent} ${one.dataset.functions || ""}`);
        const back = page.querySelector("details.finding .names a[data-to]");
        back.click();
        const rows = [...page.querySelectorAll("#inventory tbody tr")].filter((one) => !one.hidden);
        return [name, shown.length, texts.every((text) => text.includes(name)),
          page.querySelectorAll("details.finding").length, back.textContent,
          rows.map((row) => row.cells[0].textContent)];
        """,
        width=_DESK,
    )
    name, shown, all_about_it, findings, back, rows = found
    assert name
    assert 0 < shown < findings
    assert all_about_it
    assert back in rows


def test_a_phone_scrolls_through_fifty_functions_and_shows_the_rest_on_demand(
    report: Path,
) -> None:
    first, every = asked(
        report,
        """
        const rows = () => [...view.document.querySelectorAll("#inventory tbody tr")]
          .filter((row) => !row.hidden).length;
        const before = rows();
        view.document.getElementById("every").click();
        return [before, rows()];
        """,
        width=_PHONE,
    )
    assert (first, every) == (50, 160)


def test_a_person_finds_a_function_by_typing(report: Path) -> None:
    shown = asked(
        report,
        """
        const box = view.document.getElementById("filter");
        box.value = "media critical";
        box.dispatchEvent(new view.Event("input"));
        const rows = [...view.document.querySelectorAll("#inventory tbody tr")];
        return [rows.filter((row) => !row.hidden).map((row) => row.cells[0].textContent),
                view.document.getElementById("found").textContent];
        """,
        width=_DESK,
    )
    assert shown == [["films-resize"], "1 of 160 listed functions"]


@pytest.mark.parametrize("width", [320, _PHONE, 768, _DESK])
def test_nobody_has_to_scroll_sideways(report: Path, width: int) -> None:
    wide = asked(report, "return view.document.documentElement.scrollWidth;", width=width)
    assert wide <= width


def test_pictures_and_drawings_show(report: Path) -> None:
    sizes = asked(
        report,
        """
        const images = [...view.document.images];
        await Promise.all(images.map((one) => { one.loading = "eager"; return one.decode(); }));
        return images.map((one) => one.naturalWidth);
        """,
        width=_DESK,
    )
    assert len(sizes) == 2
    assert all(size > 0 for size in sizes)


def test_it_is_dark_for_those_who_like_it_dark(report: Path) -> None:
    question = "return view.getComputedStyle(view.document.body).backgroundColor;"
    assert asked(report, question, width=_DESK) == "rgb(244, 246, 249)"
    assert asked(report, question, width=_DESK, dark=True) == "rgb(15, 20, 26)"


@pytest.mark.parametrize(("width", "dark"), [(_DESK, False), (_DESK, True), (_PHONE, False)])
def test_everybody_can_read_it(report: Path, width: int, dark: bool) -> None:
    assert audited(report, _AXE, width=width, dark=dark) == []


def test_everybody_can_read_that_there_is_nothing(empty: Path) -> None:
    assert audited(empty, _AXE, width=_PHONE) == []
