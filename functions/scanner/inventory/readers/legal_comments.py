"""Packages named by the legal comments that bundlers must keep.

Three forms: a banner with name and version (`/*! axios v1.6.0`), a banner with a name above a
copyright line, and esbuild's list of bundled licences by path (`lodash/lodash.js:`), which
bundlers also write to a text next to the script. Plugins that collect licences (ncc's, webpack's,
Rollup's) write a text with an entry for each package, with or without its version.
"""

import re
from itertools import islice
from typing import Final

from functions.scanner.inventory.readers.bundled import LIST_OF_NAMES, Bundled
from functions.scanner.inventory.readers.naming import npm_name, version_text

_COMMENT: Final = re.compile(rb"/\*(?:!|\*?\s*(?:\*\s*)?@(?:license|preserve))")
_BANNER: Final = 400
_MOST_COMMENTS: Final = 20_000
_VERSIONED: Final = re.compile(
    rb"""^[\s*!]*(?:@license\s+|@preserve\s+)?
    (?P<name>(?:@[\w.-]+/)?[A-Za-z][\w.-]*)[ ]+(?:-[ ]+)?[vV]?(?P<version>\d+\.\d+\.\d+[\w.+-]*)""",
    re.VERBOSE,
)
_COPYRIGHTED: Final = re.compile(
    rb"^[\s*!]*(?:@license\s+)?(?P<name>(?:@[\w.-]+/)?[a-z][\w.-]*)\s*\n[ \t]*\*[ \t]*Copyright"
)
_LISTED: Final = re.compile(
    r"^((?:@[\w.-]+/)?[A-Za-z0-9][\w.-]*)/[^\s:]+\.[cm]?[jt]sx?:$", re.MULTILINE
)
_LICENCES: Final = re.compile(
    r"^((?:@[\w.-]+/)?[a-z0-9][\w.-]*)\n(?:MIT|ISC|Apache|BSD|0BSD|Unlicense|CC0|\(|BlueOak|MPL|Python)",
    re.MULTILINE,
)
# rollup-plugin-license: one block a package.
_BLOCKS: Final = re.compile(
    r"^Name: ((?:@[\w.-]+/)?[\w.-]+)\nVersion: ([\w.+-]+)\n", re.MULTILINE | re.ASCII
)
_LIST_TITLE: Final = b"Bundled license information:"
# Packages whose npm name really ends in .js; of others the ending is a file's.
_NAMED_JS: Final = frozenset(
    {"bn.js", "big.js", "decimal.js", "bignumber.js", "highlight.js", "chart.js", "asn1.js",
     "hash.js", "sha.js", "ipaddr.js", "color.js", "mousetrap.js", "hmac-drbg.js"}
)  # fmt: skip


def packages(script: bytes) -> list[Bundled]:
    """Packages that the script's legal comments name."""
    found = []
    for match in islice(_COMMENT.finditer(script), _MOST_COMMENTS):
        item = _banner(script[match.end() : match.end() + _BANNER].partition(b"*/")[0])
        if item:
            found.append(item)
    at = script.rfind(_LIST_TITLE)
    if at >= 0:
        found += packages_of_notes(script[at:])
    return found


def packages_of_notes(text: bytes) -> list[Bundled]:
    """Packages that a text of collected licences names."""
    decoded = text.decode("utf-8", "replace").replace("\r\n", "\n")
    names = dict.fromkeys(_LISTED.findall(decoded))
    found = [Bundled(name, "", "legal-comment") for name in names if npm_name(name)]
    return found + packages(text) if _LIST_TITLE not in text and b"/*" in text else found


def packages_of_list(text: bytes) -> list[Bundled]:
    """All packages of a script, by a text with an entry for each; none where it is no such text."""
    decoded = text.decode("utf-8", "replace").replace("\r\n", "\n")
    blocks = _BLOCKS.findall(decoded)
    names = [] if blocks else [(name, "") for name in _LICENCES.findall(decoded)]
    return [
        Bundled(npm_name(name), version_text(version), LIST_OF_NAMES)
        for name, version in dict.fromkeys([*blocks, *names])
        if npm_name(name)
    ]


def _banner(comment: bytes) -> Bundled | None:
    match = _VERSIONED.match(comment)
    if match:
        version = version_text(match["version"].decode("ascii", "replace").rstrip("."))
        name = _npm(match["name"])
        return Bundled(name, version, "legal-comment") if name and version else None
    match = _COPYRIGHTED.match(comment)
    name = _npm(match["name"]) if match else ""
    return Bundled(name, "", "legal-comment") if name else None


def _npm(raw: bytes) -> str:
    name = raw.decode("ascii", "replace").lower()
    return npm_name(name if name in _NAMED_JS else name.removesuffix(".js"))
