"""The module files of Go (https://go.dev/ref/mod#go-mod-file and #go-sum-files there).

Both name modules that the build does not use (of tests, of other platforms, of tools), so none of
them is missing when it is not in the program; versions are compared, and go.mod's are exact.
"""

import re
from typing import Final

from functions.scanner.drift.locked import Locked, LockedPackage, LockfileError, Need
from functions.scanner.drift.lockfiles.source import Source

_MODULE: Final = re.compile(r"module\s+\"?([^\s\"]+)\"?")
_REQUIRE: Final = re.compile(r"\"?([^\s\"]+)\"?\s+(v\S+)")
_REPLACE: Final = re.compile(r"(\S+)(?:\s+v\S+)?\s+=>\s+(\S+)(?:\s+(v\S+))?")
_SUM: Final = re.compile(r"(\S+) (v[^\s/]+)(/go\.mod)? h1:\S+")


def parse_go_mod(source: Source) -> Locked:
    """Read a go.mod, replacements applied.

    Raises:
        LockfileError: It names no module.
    """
    own = ""
    required: dict[str, str] = {}
    replaced: dict[str, tuple[str, str]] = {}
    for directive, text in _directives(source.text):
        if directive == "module" and (match := _MODULE.fullmatch(f"module {text}")):
            own = match[1]
        elif directive == "require" and (match := _REQUIRE.fullmatch(text)):
            required[match[1]] = match[2]
        elif directive == "replace" and (match := _REPLACE.fullmatch(text)):
            replaced[match[1]] = (match[2], match[3] or "")
    if not own:
        raise LockfileError(source.name, "no module line", "upload the project's own go.mod")
    packages = []
    for name, version in required.items():
        target, exact = replaced.get(name, (name, version))
        local = target.startswith((".", "/"))
        packages.append(
            LockedPackage(name if local else target, "" if local else exact, Need.OPTIONAL)
        )
    return Locked("Go", tuple(packages), own=frozenset({own}))


def _directives(text: str) -> list[tuple[str, str]]:
    """Each line with its directive, blocks in parentheses opened up."""
    found = []
    block = ""
    for raw in text.splitlines():
        line = raw.partition("//")[0].strip()
        if block and line == ")":
            block = ""
        elif block and line:
            found.append((block, line))
        elif line.endswith("("):
            block = line[:-1].strip()
        elif line:
            directive, _, rest = line.partition(" ")
            found.append((directive, rest.strip()))
    return found


def parse_go_sum(source: Source) -> Locked:
    """Read a go.sum: every version of a module whose contents may be used.

    Raises:
        LockfileError: A line is none of a go.sum.
    """
    packages: dict[LockedPackage, None] = {}
    for number, line in enumerate(source.text.splitlines(), start=1):
        if not line.strip():
            continue
        match = _SUM.fullmatch(line.strip())
        if match is None:
            raise LockfileError(
                source.name, f"line {number} is no checksum", "upload the project's own go.sum"
            )
        if not match[3]:
            packages[LockedPackage(match[1], match[2], Need.OPTIONAL)] = None
    return Locked("Go", tuple(packages))
