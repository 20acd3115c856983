"""The version that Python source states about itself, read as text and never run."""

import re
from typing import Final

from functions.scanner.inventory.readers.naming import version_text

# Only spaces and tabs between the parts: `\s` would also run over lines, at quadratic cost.
_STRING: Final = re.compile(
    rb"""^[ \t]*(?P<attribute>__version__|VERSION|__VERSION__|version|full_version|short_version)
    [ \t]*(?::[^=\n]{1,40})?=[ \t]*(?:[A-Za-z_]\w*[ \t]*=[ \t]*){0,3}
    [uU]?['"](?P<version>v?[0-9][^'"\s]{0,60})['"]""",
    re.MULTILINE | re.VERBOSE,
)
_TUPLE: Final = re.compile(
    rb"""^[ \t]*(?P<attribute>__version__|VERSION|__version_info__|version_info|version_tuple)
    [ \t]*(?::[^=\n]{1,60})?=[ \t]*(?:[A-Za-z_]\w*[ \t]*=[ \t]*){0,3}
    [(\[]\s{0,20}(?P<numbers>\d{1,9}\s{0,9},\s{0,9}\d{1,9}(?:\s{0,9},\s{0,9}\d{1,9}){0,3})""",
    re.MULTILINE | re.VERBOSE,
)
_VERSIONEER: Final = re.compile(
    rb'^[ \t]*"version":[ \t]*"(?P<version>[0-9][^"\s]{0,60})"', re.MULTILINE
)
_LOOKED_AT: Final = 256 * 1024


def stated_version(source: bytes, file: str) -> str:
    """The version that Python source states about its package, empty when it states none.

    Args:
        source: The file's bytes.
        file: Its base name: only version files may use weak names such as `version`.
    """
    source = source[:_LOOKED_AT]
    attributes = {b"__version__", b"VERSION", b"__VERSION__"}
    if "version" in file or "about" in file:
        attributes |= {b"version", b"full_version", b"short_version"}
    for match in _STRING.finditer(source):
        if match["attribute"] in attributes:
            return version_text(match["version"].decode("utf-8", "replace").removeprefix("v"))
    numbers = _TUPLE.search(source)
    if numbers:
        parts = numbers["numbers"].decode("ascii", "replace").split(",")
        return version_text(".".join(part.strip() for part in parts[:3]))
    stated = _VERSIONEER.search(source) if "version" in file else None
    return version_text(stated["version"].decode("utf-8", "replace")) if stated else ""
