"""A digest as an e-mail: a fixed and calm layout that reads well in plain text. Pure."""

from collections.abc import Iterator
from textwrap import wrap
from typing import Final

from functions.notifier.digest.contents import Digest, Line, Section
from functions.notifier.digest.words import in_counts
from functions.shared.alerting.formats.unlinked import unlinked
from functions.shared.alerting.formats.wording import utc
from functions.shared.core.text import ascii_line
from functions.shared.cost.bill import NOT_INCLUDED

_WIDTH: Final = 78
_INDENT: Final = "  "
_DEEPER: Final = "    "


def subject(digest: Digest) -> str:
    """One line for a locked phone, within SNS's limit of 100 characters."""
    open_now = in_counts(digest.open_by_severity)
    changes = f"{digest.new} new, {digest.resolved} resolved"
    return ascii_line(f"[DIGEST] {digest.addressee}: {open_now} open; {changes}", 100)


def mail(digest: Digest) -> str:
    """The body."""
    lines = [*_head(digest)]
    for section in digest.sections:
        lines += ["", *_section(section)]
    if not digest.sections:
        lines += ["", "There is nothing else to tell."]
    return "\n".join([*lines, "", *_foot(digest), ""])


def _head(digest: Digest) -> Iterator[str]:
    period = digest.edition.period
    whose = f"for {digest.owner}" if digest.owner else "of functions without an owner"
    yield from _wrapped("", "", f"{digest.edition.cadence.capitalize()} digest {whose}")
    yield ""
    yield f"Period       {utc(period.start)} to {utc(period.end)}"
    yield f"Account      {digest.account}, {digest.region}"
    yield f"Open now     {in_counts(digest.open_by_severity)}"
    yield f"In between   {digest.new} new, {digest.resolved} resolved"
    yield from _wrapped("Warden cost  ", " " * 13, f"{digest.bill.summary}")


def _section(section: Section) -> Iterator[str]:
    yield f"{section.title} ({section.total})"
    for line in section.lines:
        yield from _line(line)
    if section.omitted:
        yield f"{_INDENT}and {section.omitted} more; list all with: {section.command}"


def _line(line: Line) -> Iterator[str]:
    severity = f"{line.severity.label.upper()}  " if line.severity is not None else ""
    function = f"{line.function}: " if line.function else ""
    yield from _wrapped(_INDENT, _DEEPER, f"{severity}{function}{line.what}")
    if line.note:
        yield from _wrapped(_DEEPER, _DEEPER, line.note)


def _foot(digest: Digest) -> Iterator[str]:
    if digest.bill.lines and digest.whole_estate:
        yield "What Warden cost"
        for line in digest.bill.lines:
            usd = "unknown" if line.usd is None else f"{line.usd:,.2f}"
            yield from _wrapped(f"{_INDENT}{usd:>8}  ", " " * 12, line.shown)
        yield from _wrapped(_INDENT, _INDENT, f"Not included: {'; '.join(NOT_INCLUDED)}.")
        yield ""
    if digest.report:
        yield "The whole estate in one page"
        yield f"{_INDENT}{digest.report}"
        yield ""
    yield f"Made at {utc(digest.made_at)}."


def _wrapped(first: str, others: str, text: str) -> list[str]:
    return wrap(
        unlinked(text),
        _WIDTH,
        initial_indent=first,
        subsequent_indent=others,
        break_long_words=False,
        break_on_hyphens=False,
    )
