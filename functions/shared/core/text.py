"""Making text that came from outside safe to show: normalised, bounded, on one line."""

import unicodedata
from typing import Final

_ELLIPSIS: Final = "…"
# Control, format (bidirectional overrides, zero width) and unassigned or surrogate code points.
_INVISIBLE: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


def plain(text: object, limit: int = 200) -> str:
    """Return `text` on one line, without control or invisible characters, at most `limit` long.

    Whatever was cut is marked with an ellipsis, so that a bounded value is never taken for whole.
    """
    whole = str(text)
    looked_at = whole[: limit * 4]  # bounds the work, not only the result
    visible = "".join(
        " " if unicodedata.category(character) in _INVISIBLE else character
        for character in unicodedata.normalize("NFC", looked_at)
    )
    line = " ".join(visible.split())
    if len(line) <= limit and len(looked_at) == len(whole):
        return line
    return line[: limit - 1].rstrip() + _ELLIPSIS


def ascii_line(text: object, limit: int) -> str:
    """Return `text` as printable ASCII, as an SNS subject must be, at most `limit` long."""
    decomposed = unicodedata.normalize("NFKD", plain(text, limit * 2))
    printable = "".join(
        character if " " <= character <= "~" else "" if unicodedata.combining(character) else "?"
        for character in decomposed.replace(_ELLIPSIS, "...")
    )
    printable = " ".join(printable.split())  # decomposing may leave spaces behind
    return printable if len(printable) <= limit else printable[: limit - 3].rstrip() + "..."


def listed(items: list[str], most: int = 5) -> str:
    """Join items for a sentence: `a, b, c and 4 more`."""
    if len(items) <= most:
        return ", ".join(items)
    return f"{', '.join(items[:most])} and {len(items) - most} more"
