"""From a report's contents to one HTML file that needs nothing else."""

import base64
import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from functions.reporter.page import Page
from functions.shared.alerting.formats.wording import counts, span, utc
from functions.shared.core.severity import Severity

_TEMPLATES: Final = Path(__file__).parent / "templates"


def render(page: Page) -> str:
    """The report as an HTML document; every value is escaped by the template language."""
    return _environment().get_template("report.html.j2").render(page=page)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style, script = _own("report.css"), _own("report.js")
    environment.globals.update(
        style=style,
        script=script,
        policy=_policy(style, script),
        severities=tuple(reversed(Severity)),
    )
    environment.filters.update(
        counted=_counted, day=_day, number=_number, sentence=_sentence, span=span, utc=utc
    )
    return environment


def _own(name: str) -> Markup:
    """A file of ours, which is trusted: nothing from outside is put into it."""
    return Markup((_TEMPLATES / name).read_text(encoding="utf-8"))  # noqa: S704


def _policy(style: str, script: str) -> str:
    """What the browser may do for this page: show our style, run our script, nothing else."""
    return (
        f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def _digest(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _day(at: datetime) -> str:
    return at.astimezone(UTC).date().isoformat()


def _number(value: float) -> str:
    return f"{value:,.0f}"


def _counted(by_severity: Mapping[Severity, int]) -> str:
    return counts(by_severity) or "none"


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"
