"""Making a line readable for the searches: without escape sequences and broken characters. Pure."""

import re
from typing import Final

# ECMA-48: control sequences, and the strings of operating system commands.
_ANSI: Final = re.compile(
    r"\x1b(?:\[[0-?]{0,64}[ -/]{0,8}[@-~]|\][^\x07\x1b]{0,512}(?:\x07|\x1b\\)?|[@-Z\\-_])"
)
_ESCAPED: Final = re.compile(r"\\u001[bB](?:\[[0-?]{0,64}[ -/]{0,8}[@-~])?")


def clean(line: str) -> str:
    """A line without terminal sequences and zero characters."""
    if "\x1b" in line:
        line = _ANSI.sub("", line).replace("\x1b", "")
    if "\\u001" in line:
        line = _ESCAPED.sub("", line)
    return line.replace("\x00", "") if "\x00" in line else line
