"""Package names (and sometimes versions) in the paths of modules that a bundler put together."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from functions.scanner.inventory.readers.naming import npm_name, version_text

# Comments and keys before each module: esbuild, rolldown, webpack (both modes).
_COMMENTS: Final = re.compile(
    rb"""^[ \t;]*//(?:[#]region)?[ ](?:CONCATENATED[ ]MODULE:[ ])?(?P<line>\S*node_modules/\S+)
    |/\*\*\*/[ ]"(?P<key>[^"\n]*node_modules/[^"\n]+)"
    |!\*\*\*[ ](?P<banner>\S*node_modules/\S+)
    |^[ \t]*"(?P<wrapper>[^"\n]*node_modules/[^"\n]+)"\(""",
    re.MULTILINE | re.VERBOSE,
)
_PACKAGE: Final = re.compile(r"((?:@[^/\s]+/)?[^/\s@][^/\s]*)/")
_PNPM: Final = re.compile(r"\.pnpm/(?P<name>(?:@[^+/]+\+)?[^/@]+)@(?P<version>\d[^/_(]*)[^/]*/")
_YARN: Final = re.compile(
    r"\.yarn/(?:cache|unplugged)/[^/]*?-(?:npm|virtual-[0-9a-f]+-npm)-(?P<version>\d[^/]*)-[0-9a-f]{8,}(?:-[0-9]+)?(?:\.zip)?/"
)
_STATED: Final = re.compile(
    rb"""^\s*(?:["']?version["']?\s*:|(?:(?:var|const|let)\s+|\w+\.)?VERSION\s*=)\s*
    ["'](\d+\.\d+\.\d+[\w.+-]*)["']""",
    re.MULTILINE | re.VERBOSE,
)


class Bundled(NamedTuple):
    """A package inside a bundle; the version is empty where nothing states it."""

    name: str
    version: str
    evidence: str


def from_path(path: str, evidence: str) -> Bundled | None:
    """The package that a module's path lies in, None outside node_modules."""
    before, mark, inside = path.replace("\\", "/").rpartition("node_modules/")
    match = _PACKAGE.match(inside + "/")
    if not mark or match is None:
        return None
    name = npm_name(match[1])
    store = _PNPM.search(before) or _YARN.search(before)
    version = version_text(store["version"]) if store else ""
    return Bundled(name, version, evidence) if name else None


def packages(script: bytes) -> list[Bundled]:
    """Packages that the script's module comments and keys name."""
    if b"node_modules/" not in script:
        return []
    return list(_named(script))


def _named(script: bytes) -> Iterator[Bundled]:
    matches = list(_COMMENTS.finditer(script))
    for index, match in enumerate(matches):
        path = (match[match.lastgroup or "line"] or b"").decode("utf-8", "replace")
        found = from_path(path, "path-comment")
        if found is None:
            continue
        if not found.version:
            end = matches[index + 1].start() if index + 1 < len(matches) else len(script)
            found = found._replace(version=_section_version(path, script[match.end() : end]))
        yield found


def _section_version(path: str, section: bytes) -> str:
    """The version that a bundled package.json, or a constant named VERSION, states."""
    for match in _STATED.finditer(section):
        if path.endswith("/package.json") or b"VERSION" in match[0]:
            return version_text(match[1].decode("ascii", "replace"))
    return ""
