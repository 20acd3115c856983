"""Package names (and sometimes versions) in the paths of modules that a bundler put together."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from functions.scanner.inventory.readers.naming import npm_name, version_text

# Comments and keys before each module: esbuild, rolldown, webpack (both modes), on one line.
_MODULE: Final = re.compile(
    rb"""[ \t;]*//(?:[#]region)?[ ](?:CONCATENATED[ ]MODULE:[ ])?(?P<line>\S+)
    |\s*/\*\*\*/[ ]"(?P<key>[^"]+)"
    |[ \t]*!\*\*\*[ ](?P<banner>\S+)
    |[ \t]*"(?P<wrapper>[^"]+)"\(""",
    re.VERBOSE,
)
_MARK: Final = b"node_modules/"
_LONGEST_LINE: Final = 1000
_LONGEST_PATH: Final = 4096
_PACKAGE: Final = re.compile(r"((?:@[^/\s]+/)?[^/\s@][^/\s]*)/")
_PNPM: Final = re.compile(r"\.pnpm/(?:@[^+/@]+\+)?[^/@]+@(?P<version>\d[^/_(]*)")
_YARN: Final = re.compile(r"\.yarn/(?:cache|unplugged)/(?P<folder>[^/]+)/")
_YARN_MARK: Final = "-npm-"
_YARN_HASH: Final = re.compile(r"[0-9a-f]{8,64}")
_STATED: Final = re.compile(
    rb"""^[ \t]*(?:["']?version["']?[ ]?:|(?:(?:var|const|let)[ ]|\w{1,40}\.)?VERSION[ ]?=)[ ]?
    ["'](\d++\.\d++\.\d++[\w.+-]*+)["']""",
    re.MULTILINE | re.VERBOSE,
)


class Bundled(NamedTuple):
    """A package inside a bundle; the version is empty where nothing states it."""

    name: str
    version: str
    evidence: str


def from_path(path: str, evidence: str) -> Bundled | None:
    """The package that a module's path lies in, None outside node_modules."""
    if len(path) > _LONGEST_PATH:
        return None
    before, mark, inside = path.replace("\\", "/").rpartition("node_modules/")
    match = _PACKAGE.match(inside + "/")
    if not mark or match is None:
        return None
    name = npm_name(match[1])
    store = _PNPM.search(before)
    version = version_text(store["version"] if store else _yarn_version(before))
    return Bundled(name, version, evidence) if name else None


def _yarn_version(path: str) -> str:
    """The version in `<name>-npm-<version>-<hash>`, a folder of Yarn's own; empty elsewhere."""
    store = _YARN.search(path)
    _, mark, rest = (
        store["folder"].removesuffix(".zip").rpartition(_YARN_MARK) if store else ("",) * 3
    )
    parts = rest.split("-")
    if len(parts) > 2 and parts[-1].isdecimal() and not _YARN_HASH.fullmatch(parts[-1]):
        parts.pop()  # a number that Yarn adds
    hashed = len(parts) > 1 and _YARN_HASH.fullmatch(parts[-1])
    return "-".join(parts[:-1]) if mark and hashed and parts[0][:1].isdecimal() else ""


def packages(script: bytes) -> list[Bundled]:
    """Packages that the script's module comments and keys name."""
    found: dict[tuple[str, str], Bundled] = {}
    modules = list(_modules(script))
    ends = [*(start for start, _, _ in modules[1:]), len(script)]
    for (_, start, path), end in zip(modules, ends, strict=False):
        item = from_path(path, "path-comment")
        if item is not None:
            version = item.version or _section_version(path, script[start:end])
            found.setdefault((item.name, version), item._replace(version=version))
    return list(found.values())


def _modules(script: bytes) -> Iterator[tuple[int, int, str]]:
    """Where each module's comment starts and ends, and the path in it."""
    at = script.find(_MARK)
    while at >= 0:
        start = script.rfind(b"\n", 0, at) + 1
        end = script.find(b"\n", at)
        end = len(script) if end < 0 else end
        match = _MODULE.match(script, start, end) if end - start <= _LONGEST_LINE else None
        path = match[match.lastgroup or "line"] if match else b""
        if path.partition(_MARK)[2]:
            yield start, end, path.decode("utf-8", "replace")
        at = script.find(_MARK, end)


def _section_version(path: str, section: bytes) -> str:
    """The version that a bundled package.json, or a constant named VERSION, states."""
    manifest = path.endswith("/package.json")
    if not manifest and b"VERSION" not in section:
        return ""
    for match in _STATED.finditer(section):
        if manifest or b"VERSION" in match[0]:
            return version_text(match[1].decode("ascii", "replace"))
    return ""
