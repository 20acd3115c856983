"""Whatever is cut off, lost or changed on the way: nothing is removed without a whole archive."""

import base64
import hashlib
import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.shared.core.arn import FunctionArn
from functions.shared.state.memory_table import MemoryTable
from tests.unit.conftest import NOW
from tests.unit.shared.findings import ORDERS
from warden.removal.archive import Archive, BrokenArchiveError, Store, read_archive
from warden.removal.description import LATEST, Description
from warden.removal.ledger import Ledger, Stage
from warden.removal.restore import RefusedRestoreError, Restored
from warden.removal.steps import RefusedError, Way


class CutOffError(Exception):
    """The process ends here."""


@dataclass
class Fuse:
    """Ends the process at the given step, once."""

    at: int = -1
    step: int = 0

    def burn(self) -> None:
        self.step += 1
        if self.step == self.at:
            raise CutOffError


def digest(content: bytes) -> str:
    return base64.b64encode(hashlib.sha256(content).digest()).decode()


def function(content: bytes = b"code", **more: Any) -> Description:
    document = {"versions": {LATEST: {"CodeSha256": digest(content), "Role": "r", "Layers": []}}}
    return Description(ORDERS, document | more, {digest(content): content.decode()})


@dataclass
class Bucket:
    """A bucket that may lose or spoil what it is given."""

    fuse: Fuse
    objects: dict[str, bytes] = field(default_factory=dict)
    spoil: int = -1
    puts: int = 0

    def put(self, key: str, content: bytes) -> None:
        self.fuse.burn()
        self.puts += 1
        self.objects[key] = content if self.puts != self.spoil else content[:-1]
        self.fuse.burn()

    def get(self, key: str) -> bytes | None:
        return self.objects.get(key)


@dataclass
class OneFunction:
    """An account with room for one function."""

    fuse: Fuse
    bucket: Bucket
    present: Description | None
    removed_with: list[bool] = field(default_factory=list)

    def describe(self, _: FunctionArn) -> Description | None:
        self.fuse.burn()
        return self.present

    def delete(self, _: FunctionArn) -> None:
        self.fuse.burn()
        assert self.present is not None
        self.removed_with.append(has_whole_archive(self.bucket, self.present))
        self.present = None
        self.fuse.burn()

    def restore(self, _: Store, archive: Archive, *, begun: bool) -> Restored:
        if self.present is not None and not begun:
            raise RefusedRestoreError("a function of this name exists")
        self.fuse.burn()
        self.present = Description(archive.function, archive.document, {})
        self.fuse.burn()
        return Restored()


def has_whole_archive(bucket: Bucket, wanted: Description) -> bool:
    """Whether anything in the bucket would put this very function back, looked at on its own."""
    for key, body in bucket.objects.items():
        if not key.endswith("manifest.json"):
            continue
        try:
            manifest = json.loads(body)
        except ValueError:
            continue
        same = json.dumps(manifest["document"], sort_keys=True) == wanted.identity
        codes = {bucket.objects.get(manifest["code"].get(one, ""), b"") for one in wanted.code}
        if same and {digest(one) for one in codes} == set(wanted.code):
            return True
    return False


def way(account: OneFunction, bucket: Bucket, table: MemoryTable) -> Way:
    def fetch(url: str) -> bytes:
        account.fuse.burn()
        return url.encode()

    return Way(account, bucket, Ledger(table), "ann", lambda: NOW, fetch)


def scene(at: int = -1, spoil: int = -1) -> tuple[OneFunction, Bucket, Way]:
    fuse = Fuse(at)
    bucket = Bucket(fuse, spoil=spoil)
    account = OneFunction(fuse, bucket, function())
    return account, bucket, way(account, bucket, MemoryTable())


_STEPS: dict[str, Callable[[Way], object]] = {
    "archive": lambda one: one.archive(ORDERS, "idle"),
    "remove": lambda one: one.remove(ORDERS, [], "idle"),
    "restore": lambda one: one.restore(ORDERS, "needed"),
}
_ANYTHING = st.lists(
    st.one_of(st.sampled_from(sorted(_STEPS)), st.sampled_from(["change", "spoil", "lose"])),
    max_size=9,
)


@given(_ANYTHING, st.integers(1, 40), st.integers(-1, 6))
def test_nothing_is_ever_removed_without_a_whole_archive_of_it(
    actions: list[str], at: int, spoil: int
) -> None:
    account, bucket, one = scene(at, spoil)
    for number, action in enumerate(actions):
        if action == "change" and account.present:
            account.present = function(f"code {number}".encode())
        elif action in {"spoil", "lose"} and bucket.objects:
            key = sorted(bucket.objects)[number % len(bucket.objects)]
            if action == "lose":
                del bucket.objects[key]
            else:
                bucket.objects[key] += b"!"
        elif action in _STEPS:
            with suppress(CutOffError, RefusedError, BrokenArchiveError, RefusedRestoreError):
                _STEPS[action](one)
    assert all(account.removed_with)


@given(st.integers(1, 40))
def test_whatever_is_cut_off_the_same_steps_again_end_well(at: int) -> None:
    account, _, one = scene(at)
    for action in ("archive", "remove", "restore"):
        try:
            _STEPS[action](one)
        except CutOffError:
            _STEPS[action](one)
    assert account.present is not None
    assert account.present.identity == function().identity
    assert one.ledger.get(ORDERS).stage is Stage.RESTORED


def test_policy_s_reasons_keep_a_function() -> None:
    account, _, one = scene()
    one.archive(ORDERS, "idle")
    with pytest.raises(RefusedError, match="production is never removed"):
        one.remove(ORDERS, ["production is never removed"], "idle")
    assert account.present is not None


def test_a_function_that_changed_since_is_not_removed() -> None:
    account, _, one = scene()
    one.archive(ORDERS, "idle")
    account.present = function(b"newer")
    with pytest.raises(RefusedError, match="archive it anew"):
        one.remove(ORDERS, [], "idle")
    assert account.present is not None


def test_without_an_archive_nothing_is_removed_or_restored() -> None:
    _, _, one = scene()
    with pytest.raises(RefusedError, match="not archived"):
        one.remove(ORDERS, [], "idle")
    with pytest.raises(RefusedError, match="no archive"):
        one.restore(ORDERS, "needed")


def test_a_function_created_meanwhile_is_left_alone() -> None:
    account, _, one = scene()
    one.archive(ORDERS, "idle")
    one.remove(ORDERS, [], "idle")
    account.present = function(b"somebody else's")
    with pytest.raises(RefusedRestoreError):
        one.restore(ORDERS, "needed")
    assert account.present.identity == function(b"somebody else's").identity
    assert one.ledger.get(ORDERS).stage is Stage.REMOVED


@pytest.mark.parametrize("change", ["objects", "code", "document", "format"])
def test_a_manifest_that_was_tampered_with_is_no_archive(change: str) -> None:
    _, bucket, one = scene()
    place = one.archive(ORDERS, "idle").place
    manifest = json.loads(bucket.objects[f"{place}manifest.json"])
    manifest.pop(change)
    bucket.objects[f"{place}manifest.json"] = json.dumps(manifest).encode()
    with pytest.raises(BrokenArchiveError):
        read_archive(bucket, place)
