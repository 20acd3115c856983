"""Files of settings, one name and its value a line: judged as environment variables are."""

import re
from collections.abc import Iterator
from typing import Final

from functions.scanner.secrets.variables import kind_by_name

_ENVIRONMENT: Final = ".env"
_ENDINGS: Final = (_ENVIRONMENT, ".properties", ".tfvars")
_LINE: Final = re.compile(r"(?:export )?(?P<name>[A-Za-z_][\w.-]{0,120}) ?[=:] ?(?P<value>.*)")
_LONGEST: Final = 1000
_QUOTES: Final = "\"'"


def named_settings(place: str, data: bytes) -> Iterator[tuple[int, str]]:
    """Line and kind of each setting that holds a credential by its name; none in other files."""
    file = place.rpartition("/")[2]
    if not file.startswith(_ENVIRONMENT) and not file.endswith(_ENDINGS):
        return
    for number, line in enumerate(data.decode("utf-8", "replace").splitlines(), start=1):
        match = _LINE.fullmatch(line.strip()) if len(line) <= _LONGEST else None
        if match and (kind := kind_by_name(match["name"], match["value"].strip(_QUOTES))):
            yield number, kind
