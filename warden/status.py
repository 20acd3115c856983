"""What a command's exit status says; the same for every command."""

from typing import Final

FINE: Final = 0
"""Done, or nothing found."""

FOUND: Final = 1
"""Something was found that somebody should look at."""

USAGE: Final = 2
"""The command line, or a file that it names, is wrong."""

NO_ANSWER: Final = 3
"""AWS did not answer: no credentials, no permission, no deployment, no connection."""
