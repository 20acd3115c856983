"""requirements.txt, as `pip freeze`, `pip-compile` or `uv export` write it.

https://pip.pypa.io/en/stable/reference/requirements-file-format/
"""

import re
from typing import Final

from functions.scanner.drift.locked import Locked, LockedPackage, LockfileError, Need
from functions.scanner.drift.lockfiles.source import Source
from functions.scanner.drift.markers import always_applies
from functions.scanner.drift.versions import normal_name

_CONTINUED: Final = re.compile(r"\\\r?\n")
_COMMENT: Final = re.compile(r"(?:^|\s)#")
_OPTION: Final = re.compile(r"\s--(?:hash|global-option|config-settings?)\b")
_NAME: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
_EXTRAS: Final = re.compile(r"\[[^\]]*\]")
_PIN: Final = re.compile(r"\(?\s*={2,3}\s*(?P<version>[A-Za-z0-9.!+_-]+)\s*\)?")
_FIX: Final = "upload the output of `pip freeze` or `pip-compile`"
_NESTED: Final = ("-r", "--requirement")


def parse_requirements(source: Source) -> Locked:
    """Read the file; every requirement counts as needed.

    Where a line has no exact version the file does not list everything that gets installed, so
    nothing deployed can be called extra.

    Raises:
        LockfileError: A line is no requirement, or includes another file.
    """
    packages: list[LockedPackage] = []
    complete = True
    text = _CONTINUED.sub(" ", source.text)
    for number, raw in enumerate(text.splitlines(), start=1):
        line = _COMMENT.split(raw, maxsplit=1)[0].strip()
        if not line:
            continue
        if line.startswith(_NESTED):
            raise LockfileError(source.name, f"line {number} includes another file", _FIX)
        if line.startswith("-"):
            complete = complete and not line.startswith(("-e", "--editable"))
            continue
        package = _requirement(line)
        if package is None:
            raise LockfileError(source.name, f"line {number} is no requirement", _FIX)
        complete = complete and bool(package.version)
        packages.append(package)
    return Locked("PyPI", tuple(packages), complete=complete)


def _requirement(line: str) -> LockedPackage | None:
    """The package of one line, None where the line names none."""
    if line.startswith((".", "/", "http:", "https:", "git+", "file:")):
        return None
    text = _OPTION.split(line, maxsplit=1)[0]
    before, _, marker = text.partition(";")
    match = _NAME.match(before.strip())
    if match is None:
        return None
    rest = before.strip()[match.end() :].lstrip()
    if extras := _EXTRAS.match(rest):
        rest = rest[extras.end() :].lstrip()
    if rest and rest[0] not in "=<>!~@(":
        return None
    pin = _PIN.fullmatch(rest)
    need = Need.RUNTIME if always_applies(marker.strip()) else Need.OPTIONAL
    return LockedPackage(normal_name("PyPI", match[0]), pin["version"] if pin else "", need)
