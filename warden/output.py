"""Where output goes: tables and sentences to a terminal, JSON to a pipe."""

import json
import os
import sys
from collections.abc import Sequence
from typing import Any, Final

from rich.console import Console, RenderableType
from rich.text import Text

ROOM: Final = 100
"""Columns below which a table would break its words; lists are written in lines then."""

_WIDE: Final = 160  # where nobody says how wide


def write_json(document: Any) -> None:
    """Write a document for programs."""
    text = json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False)
    if not _can_be_written(text):
        text = json.dumps(document, indent=2, allow_nan=False)
    write_text(text)


def write_text(text: str) -> None:
    """Write a text and a line break; what the terminal's encoding lacks is escaped."""
    if not _can_be_written(text):
        encoding = _encoding()
        text = text.encode(encoding, "backslashreplace").decode(encoding)
    try:
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()
    except BrokenPipeError:
        _discard()


def _can_be_written(text: str) -> bool:
    try:
        text.encode(_encoding())
    except UnicodeEncodeError:
        return False
    return True


def _encoding() -> str:
    """What standard output is written in; a buffer that a program put there names none."""
    return sys.stdout.encoding or "utf-8"


def _discard() -> None:
    """Nobody reads on, as with `| head`: the rest is for nobody, and the status still counts."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class _Console(Console):
    """A console that ends no command because nobody reads to the end."""

    def on_broken_pipe(self) -> None:
        self.quiet = True
        _discard()


def console() -> Console:
    """A console that takes every text as it is: no markup, no emoji codes, no colouring of words.

    It heeds NO_COLOR and COLUMNS.
    """
    made = _Console(file=sys.stdout, markup=False, emoji=False, highlight=False)
    if not made.is_terminal and "COLUMNS" not in os.environ:
        made.width = _WIDE
    return made


def write(*shown: RenderableType) -> None:
    """Write for people; a text that asks not to be wrapped is left to the terminal."""
    screen = console()
    for one in shown:
        screen.print(one, soft_wrap=isinstance(one, Text) and one.no_wrap)


def columns(rows: Sequence[tuple[str, ...]]) -> list[str]:
    """Lines with aligned columns; the last column runs free."""
    widths = [max(map(len, cells)) for cells in zip(*rows, strict=True)][:-1]
    return [
        "  ".join((*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[-1]))
        for row in rows
    ]
