"""Package names (and sometimes versions) in the paths of modules that a bundler put together."""

import re
from collections.abc import Iterator
from typing import Final

from functions.scanner.inventory.readers.bundled import Bundled
from functions.scanner.inventory.readers.naming import npm_name, version_text

# What webpack and ncc write above or before a module.
_WEBPACK: Final = re.compile(
    rb"""[ \t]*;?//[ ](?:(?:CONCATENATED[ ]|EXTERNAL[ ])?MODULE:[ ])?(?P<line>\S+)
    |\s*/\*\*\*/[ ]"(?P<key>[^"]+)"
    |[ \t]*!\*\*\*[ ](?P<banner>\S+)""",
    re.VERBOSE,
)
# The same of esbuild, Bun and Rolldown, which leave out the comments that modules bring along.
_OTHERS: Final = re.compile(rb'//(?:[#]region)?[ ](?P<line>\S+)|[ \t]*"(?P<wrapper>[^"]+)"\(')
_LINE: Final = re.compile(rb"^//(?:[#]region)?[ ](\S++)$", re.MULTILINE)
_WEBPACK_START: Final = b"/******/"
_NUMBERED: Final = re.compile(rb"^/\*\*\*/ \d", re.MULTILINE)
_KEYED: Final = re.compile(rb'^/\*\*\*/ "', re.MULTILINE)
# What bundlers put before the first module: their own helpers, and a banner.
_LONGEST_START: Final = 8 * 1024
_MARK: Final = b"node_modules/"
_LONGEST_LINE: Final = 1000
_LONGEST_PATH: Final = 4096
_PACKAGE: Final = re.compile(r"((?:@[^/\s]+/)?[^/\s@][^/\s]*)/")
# Folders in which package managers keep each version on its own.
_STORE: Final = re.compile(r"\.(?:pnpm|bun|deno)/(?:@[^+/@]+\+)?[^/@]+@(?P<version>\d[^/_(]*)")
_BUN_PEERS: Final = re.compile(r"\+[0-9a-f]{16}$")
# A store whose folders do not tell a scope from a name.
_UNTOLD_STORE: Final = "node_modules/.store/"
_YARN: Final = re.compile(r"\.yarn/(?:cache|unplugged|berry/cache)/(?P<folder>[^/]+)/")
_YARN_MARK: Final = "-npm-"
_YARN_HASH: Final = re.compile(r"[0-9a-f]{8,64}")
_STATED: Final = re.compile(
    rb"""^[ \t]*(?:["']?version["']?[ ]?:|(?:(?:var|const|let)[ ]|\w{1,40}\.)?VERSION[ ]?=)[ ]?
    ["'](\d++\.\d++\.\d++[\w.+-]*+)["']""",
    re.MULTILINE | re.VERBOSE,
)


def from_path(path: str, evidence: str) -> Bundled | None:
    """The package that a module's path lies in, None outside node_modules."""
    if len(path) > _LONGEST_PATH:
        return None
    path = path.replace("\\", "/").partition("?")[0]
    before, mark, inside = path.rpartition("node_modules/")
    match = _PACKAGE.match(inside + "/")
    if not mark or match is None:
        return None
    name = npm_name(match[1])
    store = _STORE.search(before)
    version = _BUN_PEERS.sub("", store["version"]) if store else _yarn_version(before)
    if not name or name.startswith("."):
        return None
    return Bundled(name, version_text(version), evidence, f"{_relative(before)}{mark}{name}")


def _relative(folder: str) -> str:
    """A folder without the scheme and the namespace that source maps put before it."""
    _, scheme, rest = folder.partition("://")
    if scheme:
        folder = rest.partition("/")[2]
    while folder.startswith("./"):
        folder = folder[2:]
    return folder


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
    found: dict[tuple[str, str, str], Bundled] = {}
    modules = list(_modules(script))
    ends = [*(start for start, _, _ in modules[1:]), len(script)]
    for (_, start, path), end in zip(modules, ends, strict=False):
        item = from_path(path, "path-comment")
        if item is not None:
            item = item if item.version else _stated(item, path, script[start:end])
            found.setdefault((item.name, item.module, item.version), item)
    versioned = {item.module for item in found.values() if item.version}
    return [item for item in found.values() if item.version or item.module not in versioned]


def names_every_module(script: bytes) -> bool:
    """Whether the script has a comment or a key for each of its modules.

    esbuild, Bun and Rolldown put the entry last: a script that ends otherwise was put together by
    another tool, from parts of which one was a bundle before.
    """
    if _UNTOLD_STORE.encode() in script:
        return False
    if _is_webpack(script):
        return bool(_KEYED.search(script)) and not _NUMBERED.search(script)
    lines = [match for match in _LINE.finditer(script) if b"." in match[1].rpartition(b"/")[2]]
    return bool(lines) and lines[0].start() <= _LONGEST_START and _MARK not in lines[-1][1]


def _is_webpack(script: bytes) -> bool:
    return 0 <= script.find(_WEBPACK_START) <= _LONGEST_START


def _modules(script: bytes) -> Iterator[tuple[int, int, str]]:
    """Where each module's comment starts and ends, and the path in it."""
    webpack = _is_webpack(script)
    at = script.find(_MARK)
    while at >= 0:
        start = script.rfind(b"\n", 0, at) + 1
        end = script.find(b"\n", at)
        end = len(script) if end < 0 else end
        match = None
        if end - start <= _LONGEST_LINE:
            match = (
                _WEBPACK.match(script, start, end) if webpack else _OTHERS.match(script, start, end)
            )
        path = match[match.lastgroup or "line"] if match else b""
        if path.partition(_MARK)[2]:
            yield start, end, path.decode("utf-8", "replace")
        at = script.find(_MARK, end)


def _stated(item: Bundled, path: str, section: bytes) -> Bundled:
    """The item with the version that a bundled package.json, or a constant VERSION, states."""
    inside = path.replace("\\", "/").rpartition("node_modules/")[2].removeprefix(item.name)
    manifest = inside == "/package.json"
    if not manifest and b"VERSION" not in section:
        return item
    for match in _STATED.finditer(section):
        if manifest or b"VERSION" in match[0]:
            version = version_text(match[1].decode("ascii", "replace"))
            return item._replace(
                version=version, evidence=item.evidence if manifest else "version-constant"
            )
    return item
