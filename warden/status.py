"""What a command's exit status says; the same for every command."""

from typing import Final

FINE: Final = 0
"""Done, or nothing found."""

FOUND: Final = 1
"""Something was found that somebody should look at."""

USAGE: Final = 2
"""The command line or a file that it names is wrong, or a name matches nothing."""

NO_ANSWER: Final = 3
"""Nobody can tell: AWS or this machine did not answer, or Warden has a fault."""

INTERRUPTED: Final = 130
"""Somebody pressed Ctrl-C; what shells say of SIGINT."""

MEANINGS: Final = {
    FINE: "done, or nothing found",
    FOUND: "found something that somebody should look at",
    USAGE: "the command line, or a file that it names, is wrong; or a name matches nothing",
    NO_ANSWER: "AWS or this machine did not answer: credentials, permission, connection",
    INTERRUPTED: "interrupted with Ctrl-C",
}
"""One line for each, for people."""
