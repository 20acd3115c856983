"""Reading what others wrote, artefacts and lockfiles, each in a process that can be killed.

However a parser is made to hang, to swell or to crash, the look goes on without this one's answer,
and the time that it may take is in proportion to what there is to read: no small file holds up the
functions that wait behind it.
"""

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from math import ceil
from typing import BinaryIO, Final, cast

from functions.scanner.drift.locked import Locked, LockedPackage, LockfileError, Need
from functions.scanner.drift.markers import ANYWHERE, Target
from functions.scanner.images.ask import Image
from functions.scanner.inventory.ranged import DownloadError, RangedFile
from functions.scanner.inventory.sbom import SbomError, from_cyclonedx, to_cyclonedx
from functions.scanner.secrets.found import CodeSecrets
from functions.scanner.secrets.store import from_json, to_json
from functions.shared.core.packages import Inventory
from functions.shared.runtime.confined import Bounds, ConfinedError, confined

_MIB: Final = 1024 * 1024
# Processor time: what any artefact may take, and what each MiB of it adds, several times what the
# slowest honest ones take.
_SECONDS: Final = 6
_SECONDS_A_MIB: Final = 0.5
# By the clock: downloads wait for a server.
_PATIENCE: Final = 10
# An image may have ten times as much as an archive; a look ends after five minutes in any case.
_IMAGE: Final = Bounds(seconds=180, patience=230, memory=1024 * _MIB)
_READ, _NO_DOWNLOAD = b"r", b"d"


def inventory_of(url: str, *, label: str, size: int) -> Inventory:
    """What is inside an artefact; see `read_artifact`.

    Args:
        url: Where it can be downloaded.
        label: Put before every path.
        size: Its size in bytes, as AWS has it; more than that is not waited for.

    Raises:
        DownloadError: It cannot be downloaded.
        ConfinedError: Reading it had to be ended.
    """
    # Only here, because what was read before is not read again, and most starts need no reader.
    from functions.scanner.inventory.artifact import read_artifact  # noqa: PLC0415

    def read(file: BinaryIO) -> bytes:
        return to_cyclonedx(read_artifact(file, label=label)).encode()

    try:
        return from_cyclonedx(_read(url, read, size))
    except SbomError as error:
        raise ConfinedError("its answer was no inventory") from error


def image_of(found: Image) -> tuple[Inventory, CodeSecrets]:
    """What is inside a container image, and where credentials stand in it; see `read_image`.

    Raises:
        DownloadError: It cannot be downloaded.
        ConfinedError: Reading it had to be ended.
    """
    from functions.scanner.images.download import download  # noqa: PLC0415 - few are images
    from functions.scanner.images.read import read_image  # noqa: PLC0415 - as above
    from functions.scanner.secrets.detector import DetectorMissingError, scanner  # noqa: PLC0415

    with suppress(DetectorMissingError):
        scanner()

    def work() -> bytes:
        try:
            contents = read_image(
                found.layers, lambda layer: download(found.urls[layer.digest]), found.own
            )
        except DownloadError as error:
            return _NO_DOWNLOAD + str(error).encode(errors="replace")
        inventory, secrets = to_cyclonedx(contents.inventory), to_json(contents.secrets)
        return _READ + json.dumps([inventory, secrets.decode()]).encode()

    answer = confined(work, _IMAGE)
    if answer[:1] == _NO_DOWNLOAD:
        raise DownloadError(answer[1:].decode(errors="replace"))
    try:
        inventory, secrets = json.loads(answer[1:])
        read = from_json(secrets.encode())
        if read is None:
            raise ConfinedError("its answer was no list of places")
        return from_cyclonedx(inventory), read
    except (SbomError, ValueError, TypeError, AttributeError) as error:
        raise ConfinedError("its answer was no inventory") from error


def secrets_of(url: str, *, size: int) -> CodeSecrets:
    """Where credentials stand in an artefact; see `read_code_secrets`.

    Raises:
        DownloadError: It cannot be downloaded.
        ConfinedError: Searching it had to be ended.
    """
    # Only here, as above.
    from functions.scanner.secrets.code import read_code_secrets  # noqa: PLC0415
    from functions.scanner.secrets.detector import DetectorMissingError, scanner  # noqa: PLC0415

    with suppress(DetectorMissingError):
        scanner()  # compiled once in this process, not in each copy of it
    found = from_json(_read(url, lambda file: to_json(read_code_secrets(file)), size))
    if found is None:
        raise ConfinedError("its answer was no list of places")
    return found


def locked_of(
    name: str, data: bytes, manifests: Mapping[str, bytes], target: Target = ANYWHERE
) -> Locked:
    """What a lockfile says; see `read_lockfile`.

    Raises:
        LockfileError: It cannot be understood, or reading it had to be ended.
    """
    from functions.scanner.drift import read_lockfile  # noqa: PLC0415 - only where there is one

    def work() -> bytes:
        try:
            locked = read_lockfile(name, data, manifests=manifests, target=target)
        except LockfileError as error:
            return json.dumps(
                {"file": error.file, "reason": error.reason, "fix": error.fix}
            ).encode()
        return json.dumps(_as_json(locked)).encode()

    try:
        answer = json.loads(confined(work, _bounds(len(data) + sum(map(len, manifests.values())))))
    except ConfinedError as error:
        fix = "upload the file as its tool wrote it"
        raise LockfileError(name, f"reading it had to be ended: {error}", fix) from error
    if "reason" in answer:
        raise LockfileError(answer["file"], answer["reason"], answer["fix"])
    packages = (
        LockedPackage(name, version, Need(need), folder, frozenset(parents))
        for name, version, need, folder, parents in answer["packages"]
    )
    return Locked(
        answer["ecosystem"],
        tuple(packages),
        complete=answer["complete"],
        own=frozenset(answer["own"]),
        not_compared=tuple(answer["not_compared"]),
        members={name: frozenset(places) for name, places in answer["members"].items()},
    )


def _as_json(locked: Locked) -> dict[str, object]:
    return {
        "ecosystem": locked.ecosystem,
        "packages": [
            [one.name, one.version, one.need.value, one.folder, sorted(one.parents)]
            for one in locked.packages
        ],
        "complete": locked.complete,
        "own": sorted(locked.own),
        "not_compared": list(locked.not_compared),
        "members": {name: sorted(places) for name, places in locked.members.items()},
    }


def _read(url: str, read: Callable[[BinaryIO], bytes], size: int) -> bytes:
    def work() -> bytes:
        try:
            with RangedFile(url) as file:
                return _READ + read(cast("BinaryIO", file))
        except DownloadError as error:
            return _NO_DOWNLOAD + str(error).encode(errors="replace")

    answer = confined(work, _bounds(size))
    if answer[:1] == _NO_DOWNLOAD:
        raise DownloadError(answer[1:].decode(errors="replace"))
    return answer[1:]


def _bounds(size: int) -> Bounds:
    seconds = _SECONDS + ceil(_SECONDS_A_MIB * size / _MIB)
    return Bounds(seconds=seconds, patience=seconds + _PATIENCE)
