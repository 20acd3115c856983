"""requirements.txt, as `pip freeze`, `pip-compile` or `uv export` write it.

https://pip.pypa.io/en/stable/reference/requirements-file-format/
"""

import re
from dataclasses import dataclass, field
from typing import Final

from functions.scanner.drift.locked import Locked, LockedPackage, LockfileError, Need
from functions.scanner.drift.lockfiles.direct_reference import package_of
from functions.scanner.drift.lockfiles.source import Source
from functions.scanner.drift.markers import Target, applies
from functions.scanner.drift.pyproject import parse_pyproject
from functions.scanner.drift.versions import normal_name

_CONTINUED: Final = re.compile(r"\\\r?\n")
_COMMENT: Final = re.compile(r"(?:^|\s)#")
_OPTION: Final = re.compile(r"\s--(?:hash|global-option|config-settings?)\b")
_NAME: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
_EXTRAS: Final = re.compile(r"\[[^\]]*\]")
_PIN: Final = re.compile(r"\(?\s*={2,3}\s*(?P<version>[A-Za-z0-9.!+_-]+)\s*\)?")
_FIX: Final = "upload the output of `pip freeze` or `pip-compile`"
_NESTED: Final = re.compile(r"(?:-r|--requirement)[\s=]*+(?P<file>\S+)")
_EDITABLE: Final = re.compile(r"(?:-e|--editable)[\s=]*+(?P<what>.+)")
_FOLDERS: Final = (".", "/", "~")
_SCHEMES: Final = ("http:", "https:", "file:", "git+", "hg+", "svn+", "bzr+")
_MOST_FILES: Final = 20


@dataclass(slots=True)
class _Reading:
    """What was read so far, the files that others include among it."""

    source: Source
    packages: list[LockedPackage] = field(default_factory=list)
    own: set[str] = field(default_factory=set)
    left_out: list[str] = field(default_factory=list)
    complete: bool = True
    files: set[str] = field(default_factory=set)


def parse_requirements(source: Source) -> Locked:
    """Read the file and those that it includes; every requirement counts as needed.

    Where a line has no exact version the file does not list everything that gets installed, so
    nothing deployed can be called extra. What a line names without a package (a folder, a file that
    was not uploaded) is not compared, and said.

    Raises:
        LockfileError: A line is no requirement, or no package is named at all.
    """
    reading = _Reading(source)
    _read(reading, source.name, source.text)
    if reading.left_out and not reading.packages:
        raise LockfileError(source.name, reading.left_out[0], _FIX)
    return Locked(
        "PyPI",
        tuple(reading.packages),
        complete=reading.complete,
        own=frozenset(reading.own),
        not_compared=tuple(reading.left_out),
    )


def _read(reading: _Reading, name: str, text: str) -> None:
    reading.files.add(name)
    for number, raw in enumerate(_CONTINUED.sub(" ", text).splitlines(), start=1):
        line = _COMMENT.split(raw, maxsplit=1)[0].strip()
        where = f"{name} line {number}"
        if not line:
            continue
        if nested := _NESTED.fullmatch(line):
            _include(reading, where, nested["file"])
        elif editable := _EDITABLE.fullmatch(line):
            _refer(reading, where, editable["what"])
        elif line.startswith("-"):
            continue
        elif line.startswith((*_FOLDERS, *_SCHEMES)) or _is_path(line):
            _refer(reading, where, line)
        else:
            package = _requirement(line, reading.source.target)
            if package is None:
                raise LockfileError(name, f"line {number} is no requirement", _FIX)
            reading.complete = reading.complete and bool(package.version)
            reading.packages.append(package)


def _include(reading: _Reading, where: str, path: str) -> None:
    """Read a file that another includes, where it was uploaded, too."""
    name = path.replace("\\", "/").rpartition("/")[2]
    text = reading.source.manifests.get(name)
    if name in reading.files:
        return
    if text is None or len(reading.files) >= _MOST_FILES:
        reading.complete = False
        reading.left_out.append(f"{where}: {path} was not uploaded")
    else:
        _read(reading, name, text)


def _refer(reading: _Reading, where: str, line: str) -> None:
    """A line that names where a package lies instead of the package."""
    what, _, marker = _OPTION.split(line, maxsplit=1)[0].partition(" ;")
    what = what.strip()
    what = what.rpartition("[")[0] if what.endswith("]") else what  # extras
    package = package_of(what)
    if package is not None:
        need = Need.RUNTIME if applies(marker.strip(), reading.source.target) else Need.OPTIONAL
        reading.packages.append(LockedPackage(package.name, package.version, need))
        return
    own = _own_name(reading.source) if what in {".", "./", "file:."} else ""
    if own:
        reading.own.add(own)
    else:
        reading.complete = False
        reading.left_out.append(f"{where}: {what} names no package")


def _own_name(source: Source) -> str:
    manifest = source.manifests.get("pyproject.toml")
    return parse_pyproject(manifest).name if manifest else ""


def _is_path(line: str) -> bool:
    """Whether a line is a path without a leading dot, such as `dist/mine-1.0-py3-none-any.whl`."""
    first = line.partition(";")[0].partition("@")[0].strip()
    return "/" in first or first.endswith((".whl", ".tar.gz", ".zip"))


def _requirement(line: str, target: Target) -> LockedPackage | None:
    """The package of one line, None where the line names none."""
    text = _OPTION.split(line, maxsplit=1)[0]
    match = _NAME.match(text)
    if match is None:
        return None
    rest = text[match.end() :].lstrip()
    if extras := _EXTRAS.match(rest):
        rest = rest[extras.end() :].lstrip()
    if rest.startswith("@"):  # the marker of an address begins after a blank
        address, _, marker = rest[1:].partition(" ;")
        known = package_of(address.strip())
        version = known.version if known else ""
    else:
        pinned, _, marker = rest.partition(";")
        if pinned and pinned[0] not in "=<>!~(":
            return None
        pin = _PIN.fullmatch(pinned.strip())
        version = pin["version"] if pin else ""
    need = Need.RUNTIME if applies(marker.strip(), target) else Need.OPTIONAL
    return LockedPackage(normal_name("PyPI", match[0]), version, need)
