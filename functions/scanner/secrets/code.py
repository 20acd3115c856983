"""Credentials in the text files of one artefact, read in place and never extracted."""

from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO, Final

from functions.scanner.inventory.archive import Archive
from functions.scanner.inventory.directory import DirectoryError, Entry
from functions.scanner.inventory.limits import DEFAULT, Budget, Limits, WorkLimitError
from functions.scanner.inventory.problems import ProblemLog, shown
from functions.scanner.secrets.detector import DetectionError, DetectorMissingError, detect
from functions.scanner.secrets.found import CodeSecrets, SecretPlace
from functions.scanner.secrets.history import git_objects
from functions.scanner.secrets.maps import unfolded
from functions.scanner.secrets.members import own_text
from functions.scanner.secrets.settings import named_settings
from functions.shared.core.packages import Problem

_MIB: Final = 1024 * 1024
# A bundle of a whole application is a few megabytes; nobody writes more text than this.
_LIMITS: Final = replace(DEFAULT, metadata_bytes=8 * _MIB, inflated_bytes=96 * _MIB, reads=8_000)
_PLACES_KEPT: Final = 200
_DEEPEST: Final = 2
_SETTINGS: Final = (
    ".properties", ".yaml", ".yml", ".json", ".env", ".conf", ".cfg", ".ini", ".toml", ".pem",
    ".key", ".p8", ".tfvars",
)  # fmt: skip


def read_code_secrets(file: BinaryIO, *, limits: Limits = _LIMITS) -> CodeSecrets:
    """Where credentials stand in the owner's own text files.

    What an installer or a package manager put into the artefact is left out: it is published, so
    whatever it holds is no secret of this function. Hostile archives do not raise; what they hide
    is named in `unread`. Errors of `file` itself (a broken connection) do raise.

    Args:
        file: The zip archive as a seekable binary file.
        limits: How much work the artefact may cause.
    """
    log = ProblemLog()
    places: list[SecretPlace] = []
    unread: list[str] = []
    structural: set[Problem] = set()
    try:
        archive = Archive(file, prefix="", budget=Budget(limits), log=log)
        structural = set(log.problems())  # the inventory of the same archive tells these
        for place, data in _texts(archive):
            try:
                hits = {hit.line: SecretPlace(place, hit.line, hit.kind) for hit in detect(data)}
                for line, kind in named_settings(place, data):
                    hits.setdefault(line, SecretPlace(place, line, kind))
                places += hits.values()
            except DetectorMissingError:
                return CodeSecrets(complete=False)
            except DetectionError as error:
                unread.append(f"{place}: {error}")
    except DirectoryError:
        return CodeSecrets(complete=False)
    except WorkLimitError as error:
        unread.append(str(error))
    unread += [f"{p.code}: {p.detail}" for p in log.problems() if p not in structural]
    kept = sorted(set(places))
    if len(kept) > _PLACES_KEPT:
        unread.append(f"{len(kept) - _PLACES_KEPT} more places of credentials, not kept")
    return CodeSecrets(tuple(kept[:_PLACES_KEPT]), tuple(unread))


def _texts(archive: Archive, depth: int = 0) -> Iterator[tuple[str, bytes]]:
    """The texts to search, each with its place; of archives inside only their settings and keys."""
    for entry in own_text(archive):
        if depth and not entry.name.lower().endswith(_SETTINGS):
            continue
        data = archive.read(entry)
        if data is not None:
            yield from unfolded(shown(archive.place(entry)), data)
    if not depth:
        yield from git_objects(archive)
    for entry in _nested(archive) if depth < _DEEPEST else ():
        archive.budget.spend_archive()
        file = archive.open(entry)
        if file is None:
            continue
        try:
            # What is wrong with it, the inventory tells.
            inner = Archive(
                file,
                prefix=f"{archive.place(entry)}!/",
                budget=archive.budget,
                log=ProblemLog(),
            )
        except DirectoryError:
            continue
        yield from _texts(inner, depth + 1)


def _nested(archive: Archive) -> Iterator[Entry]:
    for extension in (".jar", ".war", ".ear", ".zip"):
        for entry in archive.with_extension(extension):
            if not archive.installed.covers(entry.name) or archive.prefix:
                yield entry
