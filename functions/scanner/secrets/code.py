"""Credentials in the text files of one artefact, read in place and never extracted."""

from dataclasses import replace
from typing import BinaryIO, Final

from functions.scanner.inventory.archive import Archive
from functions.scanner.inventory.directory import DirectoryError
from functions.scanner.inventory.limits import DEFAULT, Budget, Limits, WorkLimitError
from functions.scanner.inventory.problems import ProblemLog, shown
from functions.scanner.secrets.detector import DetectionError, DetectorMissingError, detect
from functions.scanner.secrets.found import CodeSecrets, SecretPlace
from functions.scanner.secrets.members import own_text
from functions.shared.core.packages import Problem

_MIB: Final = 1024 * 1024
# A bundle of a whole application is a few megabytes; nobody writes more text than this.
_LIMITS: Final = replace(DEFAULT, metadata_bytes=8 * _MIB, inflated_bytes=96 * _MIB, reads=8_000)
_PLACES_KEPT: Final = 200


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
        for entry in own_text(archive):
            data = archive.read(entry)
            if data is None:
                continue
            try:
                places += [SecretPlace(shown(entry.name), h.line, h.kind) for h in detect(data)]
            except DetectorMissingError:
                return CodeSecrets(complete=False)
            except DetectionError as error:
                unread.append(f"{shown(entry.name)}: {error}")
    except DirectoryError:
        return CodeSecrets(complete=False)
    except WorkLimitError as error:
        unread.append(str(error))
    unread += [f"{p.code}: {p.detail}" for p in log.problems() if p not in structural]
    kept = sorted(set(places))
    if len(kept) > _PLACES_KEPT:
        unread.append(f"{len(kept) - _PLACES_KEPT} more places of credentials, not kept")
    return CodeSecrets(tuple(kept[:_PLACES_KEPT]), tuple(unread))
