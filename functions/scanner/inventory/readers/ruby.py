"""Ruby gems, by the specifications that RubyGems and Bundler write when they install one.

Only files in a `specifications` folder and of Bundler's git checkouts are installed gems; a
gemspec elsewhere is a gem's own source. Specifications are Ruby programs: they are read as text.
"""

import re
from collections.abc import Iterator
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
_STUB: Final = re.compile(rb"^# stub: (\S+) (\S+) ", re.MULTILINE)


def read_ruby(archive: Archive) -> Iterator[Package]:
    """Gems that are installed in this archive."""
    for entry in archive.with_extension(".gemspec"):
        folder = entry.name.rpartition("/")[0]
        installed = f"/{folder}/".endswith(("/specifications/", "/specifications/default/"))
        checkout = "bundler/gems/" in folder
        if (installed or checkout) and not archive.is_test_data(folder):
            yield from _specified(archive, entry)


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
