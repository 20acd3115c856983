"""The parsers of bytes from outside: what each is given, and which end is a right one."""

import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from functions.anomaly_detector.scoring.detector import Detector
from functions.anomaly_detector.scoring.state import StateError, from_bytes, to_bytes
from functions.anomaly_detector.watch.codec import FunctionMemory, pack, unpack
from functions.scanner.deployers import identity_of, tool_of
from functions.scanner.drift import read_lockfile
from functions.scanner.drift.locked import LockfileError
from functions.scanner.inventory.artifact import read_artifact
from functions.scanner.inventory.sbom import SbomError, from_cyclonedx, to_cyclonedx
from functions.scanner.repository import source_of
from functions.scanner.secrets.placeholders import is_placeholder
from functions.shared.advisories.record import RecordError, parse_record
from functions.shared.advisories.versions.ecosystems import ECOSYSTEMS, order_of
from functions.shared.alerting.formats.unlinked import chat_text, unlinked
from functions.shared.config import ScannerPolicy, TagPolicy
from functions.shared.core.arn import FunctionArn
from functions.shared.core.redaction import redacted
from functions.shared.core.text import ascii_line, plain
from functions.shared.events.change import MalformedEventError
from functions.shared.events.envelope import read_envelope
from functions.shared.events.read import read_change
from functions.shared.muting.waiver_file import read_waiver_file
from functions.shared.policy.read import DEFAULT, PolicyError, read_policy
from tests.fuzz import seeds
from tests.unit.scanner.inventory.archives import zipped

_NOW: Final = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
_FUNCTION: Final = FunctionArn("aws", "eu-west-1", "123456789012", "orders")


@dataclass(frozen=True, slots=True)
class Target:
    """A parser.

    Attributes:
        seeds: Honest inputs, which are then damaged.
        run: Gives one input to it; raises only where the parser is wrong.
    """

    seeds: Sequence[bytes]
    run: Callable[[bytes], None]


def _inventory(data: bytes) -> None:
    """Whatever an artefact holds, its inventory can be stored and shown."""
    inventory = read_artifact(io.BytesIO(data))
    to_cyclonedx(inventory).encode()
    for problem in inventory.problems:
        assert problem.code != "reader-failed", problem.detail
    assert all(problem.detail.isprintable() for problem in inventory.problems)


def _member(name: str) -> Callable[[bytes], None]:
    return lambda data: _inventory(zipped({name: data}))


def _named(data: bytes) -> None:
    """Members by their names alone: jars, folders, distributions."""
    text = data.decode("utf-8", "replace").replace("\0", "")
    names = [name for name in text.split("\n") if name][:20]
    inner = zipped({"META-INF/MANIFEST.MF": "Manifest-Version: 1.0\n", "a/B.class": b"\xca\xfe"})
    _inventory(zipped({name[:4000]: inner for name in names}))


def _lockfile(name: str) -> Callable[[bytes], None]:
    def run(data: bytes) -> None:
        try:
            locked = read_lockfile(name, data)
        except LockfileError as error:
            plain(error)
            return
        for package in locked.packages:
            f"{package.name} {package.version}".encode()

    return run


def _record(data: bytes) -> None:
    document = _json(data)
    try:
        record = parse_record(document)
    except RecordError:
        return
    repr(record).encode()


def _event(data: bytes) -> None:
    try:
        change = read_change(
            read_envelope(data.decode("utf-8", "replace")), own_functions="warden-", now=_NOW
        )
    except MalformedEventError:
        return
    repr(change).encode()


def _waivers(data: bytes) -> None:
    read = read_waiver_file("waivers/a.toml", data, _NOW, platform="b")
    assert all(str(fault).isprintable() for fault in read.faults)


def _policy(data: bytes) -> None:
    try:
        read_policy(data)
    except PolicyError as error:
        faults = error.faults
    else:
        return
    assert all(str(fault).isprintable() for fault in faults)


def _tags(data: bytes) -> None:
    """Tags, user agents, reasons: text that is matched, shown, mailed and logged."""
    text = data.decode("utf-8", "replace")
    policy = ScannerPolicy()
    source_of(_FUNCTION, {policy.source_tag: text, TagPolicy().owner_tag: text}, policy)
    tool_of(text)
    identity_of(text)
    is_placeholder(data)
    for shown in (plain(text), ascii_line(text, 100), unlinked(text), chat_text(text)):
        redacted(shown).encode()
    once = unlinked(text[:500])
    assert unlinked(once) == once


def _versions(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    for order in filter(None, map(order_of, ECOSYSTEMS)):
        try:
            read = order.parse(text)
        except ValueError:
            continue
        assert order.same_release(read, read)


def _sbom(data: bytes) -> None:
    try:
        from_cyclonedx(data)
    except SbomError:
        return


def _state(data: bytes) -> None:
    unpack(data)
    try:
        from_bytes(data)
    except StateError:
        return


def _json(data: bytes) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return None


TARGETS: Final[Mapping[str, Target]] = {
    "zip": Target(seeds.ARCHIVES, _inventory),
    "names": Target(seeds.NAMES, _named),
    **{
        f"member {name}": Target([data], _member(name)) for name, data in seeds.MEMBERS.items()
    },
    **{
        f"lockfile {name}": Target([data], _lockfile(name))
        for name, data in seeds.LOCKFILES.items()
    },
    "osv record": Target(seeds.RECORDS, _record),
    "cloudtrail record": Target(seeds.EVENTS, _event),
    "policy file": Target([DEFAULT.read_bytes()], _policy),
    "waiver file": Target(seeds.WAIVERS, _waivers),
    "tags": Target(seeds.TAGS, _tags),
    "versions": Target(seeds.VERSIONS, _versions),
    "sbom": Target(seeds.SBOMS, _sbom),
    "detector state": Target(
        [to_bytes(Detector()), pack({"orders": FunctionMemory()})], _state
    ),
}  # fmt: skip
