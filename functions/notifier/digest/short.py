"""A digest in its short forms: for a phone and for a chat. Pure."""

from typing import Final

from functions.notifier.digest.contents import Digest, Line, Section
from functions.notifier.digest.words import WORST_FIRST, day, in_counts
from functions.shared.alerting.formats.unlinked import chat_code, chat_text
from functions.shared.core.text import ascii_line, plain

_SMS: Final = 140
_CHAT_LINES: Final = 5
_CHAT_SECTIONS: Final = frozenset({"new", "open", "waivers", "actions", "gaps"})
# Amazon Q Developer in chat applications user guide, "Custom notifications": title and description
# are shown as Markdown, up to 250 and 8,000 characters.
_TITLE: Final = 250
_DESCRIPTION: Final = 8000


def sms(digest: Digest) -> str:
    """One text message."""
    counts = {s: n for s in WORST_FIRST[:3] if (n := digest.open_by_severity.get(s))}
    text = (
        f"Warden {digest.edition.cadence}, {plain(digest.addressee, 40)}: {in_counts(counts)} "
        f"open; {digest.new} new, {digest.resolved} resolved"
    )
    return ascii_line(text, _SMS)


def chat(digest: Digest) -> dict[str, object]:
    """A custom notification that Slack and Teams render natively."""
    head = f"{digest.edition.cadence.capitalize()} digest for {chat_text(digest.addressee)}"
    open_now = in_counts(digest.open_by_severity)
    changes = (
        f"{digest.new} new, {digest.resolved} resolved since {day(digest.edition.period.start)}"
    )
    parts = [f"*Open now:* {open_now}", f"*In between:* {changes}"]
    parts += [_section(one) for one in digest.sections if one.id in _CHAT_SECTIONS]
    parts.append(f"*Warden cost:* {chat_text(digest.bill.summary)}")
    return {
        "version": "1.0",
        "source": "custom",
        "content": {
            "textType": "client-markdown",
            "title": plain(head, _TITLE),
            "description": _bounded(parts),
            "keywords": ["digest", chat_text(plain(digest.addressee, 50))],
        },
        "metadata": {
            "threadId": f"digest {chat_text(plain(digest.addressee, 60))}",
            "summary": plain(f"{head}: {open_now} open", _TITLE),
            "eventType": "lambda-warden-digest",
        },
    }


def _section(section: Section) -> str:
    lines = [f"*{section.title} ({section.total})*"]
    lines += [f"- {_line(line)}" for line in section.lines[:_CHAT_LINES]]
    if (more := section.total - _CHAT_LINES) > 0:
        lines.append(f"and {more} more: {chat_code(section.command)}")
    return "\n".join(lines)


def _line(line: Line) -> str:
    severity = f"{line.severity.label}: " if line.severity is not None else ""
    function = f"{chat_code(line.function)} " if line.function else ""
    return f"{severity}{function}{chat_text(plain(line.what, 120))}"


def _bounded(parts: list[str]) -> str:
    """As many whole parts as there is room for."""
    shown: list[str] = []
    for part in parts:
        if sum(map(len, shown)) + 2 * len(shown) + len(part) > _DESCRIPTION - 40:
            return "\n\n".join([*shown, "The rest is in the e-mail."])
        shown.append(part)
    return "\n\n".join(shown)
