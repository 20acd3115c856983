"""Ruby gems, by the specifications that RubyGems and Bundler write when they install one.

Only files in a `specifications` folder and of Bundler's git checkouts are installed gems; a
gemspec elsewhere is a gem's own source. Specifications are Ruby programs: they are read as text.
"""

import re
from collections.abc import Iterator, Set
from typing import Final

from functions.scanner.inventory.archive import Archive
from functions.scanner.inventory.directory import Entry
from functions.scanner.inventory.readers.naming import gem_name, version_text
from functions.shared.core.packages import Package

_NAME: Final = re.compile(rb"""^[ \t]*\w+\.name[ \t]*=[ \t]*(?:%q\{|['"])([\w.-]+)""", re.MULTILINE)
_VERSION: Final = re.compile(
    rb"""^[ \t]*\w+\.version[ \t]*=[ \t]*(?:Gem::Version\.new\(?[ \t]*)?(?:%q\{|['"])([\w.-]+)""",
    re.MULTILINE,
)
_GEMS: Final = "gems/"
_NUMBER: Final = re.compile(r"\d[\w.]*")
_STUB: Final = re.compile(rb"^# stub: (\S+) (\S+) ", re.MULTILINE)


def read_ruby(archive: Archive) -> Iterator[Package]:
    """Gems that are installed in this archive."""
    described: set[tuple[str, str]] = set()
    for package in _specifications(archive):
        described.add((package.name, package.version))
        yield package
    yield from _in_folders(archive, described)
    _report_libraries(archive)


def _specifications(archive: Archive) -> Iterator[Package]:
    for entry in archive.with_extension(".gemspec"):
        folder = entry.name.rpartition("/")[0]
        installed = f"/{folder}/".endswith(("/specifications/", "/specifications/default/"))
        checkout = "bundler/gems/" in folder
        if (installed or checkout) and not archive.is_test_data(folder):
            yield from _specified(archive, entry)


def _in_folders(archive: Archive, described: Set[tuple[str, str]]) -> Iterator[Package]:
    """Gems whose specification was taken away: their folder is named after name and version."""
    folders: dict[str, tuple[str, str]] = {}
    for entry in archive.with_extension(".rb"):
        before, mark, rest = entry.name.partition(_GEMS)
        name, slash, _ = rest.partition("/")
        if mark and slash and (not before or before.endswith("/")):
            folders[before + mark + name] = _split(name)
    for folder, (name, version) in sorted(folders.items()):
        if name and version and (name, version) not in described:
            yield Package("RubyGems", name, version, archive.prefix + folder, "gem-folder")


def _split(folder: str) -> tuple[str, str]:
    """Name and version of a gem's folder: `NAME-VERSION`, and `-PLATFORM` for native ones."""
    words = folder.split("-")
    for at in range(1, len(words)):
        if _NUMBER.fullmatch(words[at]) and "." in words[at]:
            return gem_name("-".join(words[:at])), version_text(words[at])
    return "", ""


def _report_libraries(archive: Archive) -> None:
    """Report what is laid out as gems are, outside of where gems are installed."""
    for entry in archive.named("version.rb"):
        folder = entry.name.rpartition("/")[0]
        above, _, name = folder.rpartition("/")
        library = f"{folder}.rb" in archive.names and above.rpartition("/")[2] == "lib"
        if name and library and archive.installed.rest(entry.name) is None:
            archive.report("ruby-metadata-missing", entry)


def _specified(archive: Archive, entry: Entry) -> Iterator[Package]:
    data = archive.read(entry)
    if data is None:
        return
    stub, name, version = _STUB.search(data), _NAME.search(data), _VERSION.search(data)
    if name and version:
        found = name[1], version[1]
    elif stub:
        found = stub[1], stub[2]
    else:
        archive.report("metadata-malformed", entry)
        return
    gem, number = (part.decode("utf-8", "replace") for part in found)
    if gem_name(gem) and version_text(number):
        yield Package("RubyGems", gem, version_text(number), archive.place(entry), "gemspec")
    else:
        archive.report("metadata-malformed", entry)
