"""Python packages by their installed metadata: dist-info and egg-info, zipped eggs too.

Formats: https://packaging.python.org/specifications/recording-installed-packages/ and
https://setuptools.pypa.io/en/latest/deprecated/python_eggs.html.
"""

import json
import re
from collections.abc import Iterator
from typing import Final

from functions.scanner.inventory.archive import Archive
from functions.scanner.inventory.directory import Entry
from functions.scanner.inventory.readers.naming import pypi_name, version_text
from functions.scanner.inventory.readers.placement import evidence
from functions.shared.core.packages import LOCAL_PYTHON, Package

_HEADER_END: Final = re.compile(rb"\r?\n\r?\n")
_NAME: Final = re.compile(rb"^name:[ \t]*([^\r\n]*)", re.IGNORECASE | re.MULTILINE)
_VERSION: Final = re.compile(rb"^version:[ \t]*([^\r\n]*)", re.IGNORECASE | re.MULTILINE)
_DIST_INFO: Final = ".dist-info/"


def read_python_metadata(archive: Archive) -> Iterator[Package]:
    """Packages with a METADATA or PKG-INFO file, or at least a dist-info folder."""
    described = set()
    for entry, folder, kind in _metadata_files(archive):
        site = folder.rpartition("/")[0]
        if archive.is_test_data(site):
            continue
        described.add(folder)
        data = archive.read(entry)
        found = _stated(data) if data is not None else None
        proof = kind if found else f"{kind}-folder"
        if found is None:
            if data is not None:
                archive.report("metadata-malformed", entry)
            # Not read, or not understood: then the folder alone names the package.
            found = _from_folder(folder)
        if found:
            place = archive.place(entry)
            proof = evidence(proof, archive.prefix + site)
            local = proof == "dist-info" and _is_local(archive, folder)
            yield Package("PyPI", *found, place, LOCAL_PYTHON if local else proof)
    yield from _bare_folders(archive, described)


def _is_local(archive: Archive, folder: str) -> bool:
    """Whether it was installed from a folder of the machine that built the artefact.

    https://packaging.python.org/specifications/direct-url/
    """
    name = f"{folder}/direct_url.json"
    entry = next((one for one in archive.named("direct_url.json") if one.name == name), None)
    data = archive.read(entry) if entry else None
    try:
        origin = json.loads(data or b"{}")
        return str(origin["url"]).startswith("file:") and "dir_info" in origin
    except (ValueError, RecursionError, KeyError, TypeError):
        return False


def _metadata_files(archive: Archive) -> Iterator[tuple[Entry, str, str]]:
    """Each metadata file with the folder (or file) that names its package, and its kind."""
    for entry in archive.named("METADATA"):
        folder = entry.name.rpartition("/")[0]
        if folder.endswith(".dist-info"):
            yield entry, folder, "dist-info"
    for entry in archive.named("PKG-INFO"):
        folder = entry.name.rpartition("/")[0]
        if folder.endswith(".egg-info"):
            yield entry, folder, "egg-info"
        elif folder == "EGG-INFO" or folder.endswith("/EGG-INFO"):
            yield entry, folder, "egg"
        elif archive.installed.rest(entry.name) is None:
            yield entry, folder, "source-distribution"
    for entry in archive.with_extension(".egg-info"):
        yield entry, entry.name, "egg-info"


def _stated(data: bytes) -> tuple[str, str] | None:
    """Name and version that a metadata file's header states."""
    header = _HEADER_END.split(data, maxsplit=1)[0]
    name, version = _NAME.search(header), _VERSION.search(header)
    if name is None or version is None:
        return None
    return _checked(name[1].decode("utf-8", "replace"), version[1].decode("utf-8", "replace"))


def _from_folder(folder: str) -> tuple[str, str] | None:
    """Name and version from `requests-2.32.0.dist-info` or `six-1.0-py3.11.egg-info`."""
    stem = folder.rpartition("/")[2].rpartition(".")[0]
    name, _, rest = stem.partition("-")
    return _checked(name, rest.partition("-")[0])


def _checked(name: str, version: str) -> tuple[str, str] | None:
    name, version = pypi_name(name.strip()), version_text(version)
    return (name, version) if name and version else None


def _bare_folders(archive: Archive, described: set[str]) -> Iterator[Package]:
    """Packages of dist-info folders whose METADATA was removed: the folder names them."""
    for entry in archive.entries:
        at = entry.name.find(_DIST_INFO)
        if at < 0:
            continue
        folder = entry.name[: at + len(_DIST_INFO) - 1]
        if folder in described:
            continue
        described.add(folder)
        found = _from_folder(folder)
        if found and not archive.is_test_data(folder.rpartition("/")[0]):
            kind = evidence("dist-info-folder", archive.prefix + folder)
            yield Package("PyPI", *found, archive.prefix + folder, kind)
