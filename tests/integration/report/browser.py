"""A real browser without a window, which needs no driver: pages are opened and read back."""

import json
import re
import shutil
import subprocess
import tempfile
from html import unescape
from pathlib import Path
from typing import Any, Final

NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_FLAGS: Final = (
    "--headless",
    "--no-sandbox",  # continuous integration runs as root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--allow-file-access-from-files",
    "--virtual-time-budget=20000",
)
_SAID: Final = re.compile(r'<pre id="said">(.*?)</pre>', re.DOTALL)


def browser() -> str | None:
    """The browser of this machine, None where there is none."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def opened(page: Path, *options: str) -> str:
    """The document as it stands after its scripts have run."""
    return _run(page, "--dump-dom", *options)


def pictured(page: Path, picture: Path, *, width: int, height: int, dark: bool = False) -> None:
    """Take a screenshot."""
    scheme = ("--blink-settings=preferredColorScheme=0",) if dark else ()
    _run(page, f"--screenshot={picture}", f"--window-size={width},{height}", *scheme)


def asked(report: Path, question: str, *, width: int, dark: bool = False) -> Any:
    """What a function says of a report that is shown in a window of some width.

    Args:
        report: The report; it is shown as it is, under its own content security policy.
        question: Body of a JavaScript function of `view`, the report's window; returns JSON.
        width: Width of the window in pixels.
        dark: Whether the reader prefers dark colours.
    """
    page = report.with_name(f"asking-{report.name}")
    page.write_text(
        f"""<!doctype html><meta charset="utf-8">
<iframe src="{report.name}" width="{width}" height="900"></iframe><pre id="said"></pre>
<script>
window.addEventListener("load", async () => {{
  const ask = async (view) => {{ {question} }};
  const said = await ask(document.querySelector("iframe").contentWindow);
  document.getElementById("said").textContent = JSON.stringify(said);
}});
</script>""",
        encoding="utf-8",
    )
    scheme = ("--blink-settings=preferredColorScheme=0",) if dark else ()
    return _answer(opened(page, f"--window-size={width + 100},1000", *scheme))


def audited(report: Path, axe: Path, *, width: int, dark: bool = False) -> list[dict[str, Any]]:
    """What axe-core finds wrong with a report.

    axe has to run within the page, which the report's own policy forbids; a copy without it and
    with every part unfolded is looked at.
    """
    html = report.read_text(encoding="utf-8")
    html = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", html)
    html = html.replace('<details class="finding">', '<details class="finding" open>')
    check = """
window.addEventListener("load", async () => {
  const found = await axe.run(document, {
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
  });
  const said = found.violations.map((one) => ({
    id: one.id, help: one.help, where: one.nodes.slice(0, 3).map((node) => node.html.slice(0, 200)),
  }));
  parent.postMessage(JSON.stringify({ said, passed: found.passes.length }), "*");
});"""
    copy = report.with_name(f"audited-{report.name}")
    script = f"<script>{axe.read_text(encoding='utf-8')}</script><script>{check}</script></body>"
    copy.write_text(html.replace("</body>", script), encoding="utf-8")
    page = report.with_name(f"auditing-{report.name}")
    page.write_text(
        f"""<!doctype html><meta charset="utf-8"><pre id="said"></pre>
<script>window.addEventListener("message", (event) => {{
  document.getElementById("said").textContent = event.data;
}});</script>
<iframe src="{copy.name}" width="{width}" height="900"></iframe>""",
        encoding="utf-8",
    )
    scheme = ("--blink-settings=preferredColorScheme=0",) if dark else ()
    answer = _answer(opened(page, f"--window-size={width + 100},1000", *scheme))
    assert answer["passed"] > 20, "axe looked at the page"
    violations: list[dict[str, Any]] = answer["said"]
    return violations


def _answer(document: str) -> Any:
    match = _SAID.search(document)
    assert match, document[:500]
    assert match[1], "the page said nothing in time"
    return json.loads(unescape(match[1]))


def _run(page: Path, *options: str) -> str:
    program = browser()
    assert program is not None
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        done = subprocess.run(
            [program, *_FLAGS, f"--user-data-dir={profile}", *options, page.as_uri()],
            capture_output=True,
            text=True,
            check=True,
            timeout=120,
        )
    return done.stdout
