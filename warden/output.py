"""Where output goes: tables and sentences to a terminal, JSON to a pipe."""

import json
import os
import sys
from typing import Any, Final

from rich.console import Console, RenderableType
from rich.text import Text

ROOM: Final = 100
"""Columns below which a table would break its words; lists are written in lines then."""

_WIDE: Final = 160  # where nobody says how wide


def wants_json(chosen: bool | None) -> bool:  # noqa: FBT001 - an option's three states
    """Whether to write JSON: as chosen, or because nobody looks at a terminal."""
    return not sys.stdout.isatty() if chosen is None else chosen


def write_json(document: Any) -> None:
    """Write a document for programs."""
    sys.stdout.write(json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False) + "\n")
    sys.stdout.flush()  # here, where a reader that went away is no traceback


def console() -> Console:
    """A console that takes every text as it is: no markup, no emoji codes, no colouring of words.

    It heeds NO_COLOR and COLUMNS.
    """
    made = Console(file=sys.stdout, markup=False, emoji=False, highlight=False)
    if not made.is_terminal and "COLUMNS" not in os.environ:
        made.width = _WIDE
    return made


def write(*shown: RenderableType) -> None:
    """Write for people; a text that asks not to be wrapped is left to the terminal."""
    screen = console()
    for one in shown:
        screen.print(one, soft_wrap=isinstance(one, Text) and one.no_wrap)
