"""What a hostile artefact or lockfile can do to the look at its function, and to the others."""

import os
import signal
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

import pytest

from functions.scanner import outside_bytes
from functions.scanner.contents import InventoryStore, read_contents
from functions.scanner.drift.locked import LockfileError
from functions.scanner.facts import Configuration
from functions.scanner.handler import scan
from functions.scanner.inventory import artifact
from functions.scanner.inventory.archive import Archive
from functions.scanner.outside_bytes import locked_of
from functions.shared.events.read import observation
from functions.shared.runtime.confined import Bounds
from tests.unit.conftest import NOW, World
from tests.unit.scanner.inventory.archives import manifest, zipped
from tests.unit.scanner.inventory.test_ranged import serving
from tests.unit.shared.events import enveloped

_HONEST: Final = zipped({"node_modules/ms/package.json": manifest("ms", "2.1.3")})


def hang(_: Archive) -> Any:
    while True:
        pass


def crash(_: Archive) -> Any:
    os.kill(os.getpid(), signal.SIGSYS)


def swell(_: Archive) -> Any:
    return [bytes(1024 * 1024) for _ in range(4000)]


@pytest.fixture(autouse=True)
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outside_bytes, "_SECONDS", 1)
    bounds = outside_bytes._bounds

    def smaller(size: int) -> Bounds:
        return replace(bounds(size), memory=256 * 1024 * 1024)

    monkeypatch.setattr(outside_bytes, "_bounds", smaller)


@pytest.mark.parametrize(
    ("reader", "cause"),
    [(hang, "processor time"), (crash, "crashed (SIGSYS)"), (swell, "MemoryError")],
)
def test_a_reading_that_had_to_be_ended_is_a_problem_with_its_cause(
    world: World, monkeypatch: pytest.MonkeyPatch, reader: Callable[[Archive], Any], cause: str
) -> None:
    monkeypatch.setattr(artifact, "READERS", (reader,))
    store = InventoryStore(world.warden.aws.s3, "artifacts")
    with serving(_HONEST) as url:
        code = Configuration(code_sha256="aaa=", code_url=url)
        contents = read_contents(code, world.warden.aws.lambda_, store)
    (problem,) = contents.inventory.problems
    assert problem.code == "reading-ended"
    assert "the code" in problem.detail
    assert cause in problem.detail
    assert store.get("aaa=") is None, "the next look tries again"


@pytest.mark.parametrize("reader", [hang, crash])
def test_what_hides_in_the_code_hides_nothing_else(
    world: World, monkeypatch: pytest.MonkeyPatch, reader: Callable[[Archive], Any]
) -> None:
    monkeypatch.setattr(artifact, "READERS", (reader,))
    arn = world.create_function("orders")
    client = world.warden.aws.lambda_
    client.add_permission(
        FunctionName="orders", StatementId="all", Action="lambda:InvokeFunction", Principal="*"
    )
    answer: Any = client.get_function(FunctionName="orders")
    with serving(_HONEST) as url:
        answer["Code"]["Location"] = url
        monkeypatch.setattr(client, "get_function", lambda **_: answer)
        scan(enveloped(observation(arn, NOW)), world.warden, NOW)
    reported = {one["rule"]: one["reason"] for one in world.published()}
    assert "world-open-policy" in reported
    assert "reading had to be ended" in reported["unread-contents"]


def test_the_policy_is_judged_before_the_contents_are_read(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even the end of the whole process comes too late to hide it."""
    monkeypatch.setattr("functions.scanner.gather.read_contents", _end)
    arn = world.create_function("orders")
    world.warden.aws.lambda_.add_permission(
        FunctionName="orders", StatementId="all", Action="lambda:InvokeFunction", Principal="*"
    )
    with pytest.raises(KeyboardInterrupt):
        scan(enveloped(observation(arn, NOW)), world.warden, NOW)
    assert ("opened", "critical", "world-open-policy") in world.announced()


def _end(*_: Any) -> Any:
    raise KeyboardInterrupt


def test_an_error_that_nobody_foresaw_is_told_of_its_function(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> Any:
        raise UnicodeEncodeError("utf-8", "\ud800", 0, 1, "surrogates not allowed")

    monkeypatch.setattr("functions.scanner.gather.read_contents", fail)
    arn = world.create_function("orders")
    scan(enveloped(observation(arn, NOW)), world.warden, NOW)
    reported = {one["rule"]: one for one in world.published()}
    assert (
        "judging its contents failed (UnicodeEncodeError)" in reported["unread-contents"]["reason"]
    )
    assert reported["unread-contents"]["function"]["name"] == "orders"


def test_a_lockfile_whose_reading_had_to_be_ended_names_the_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def read(*_: Any, **__: Any) -> Any:
        os.kill(os.getpid(), signal.SIGSYS)

    monkeypatch.setattr("functions.scanner.drift.read_lockfile", read)
    with pytest.raises(LockfileError, match=r"yarn.lock: reading it had to be ended: .*SIGSYS"):
        locked_of("yarn.lock", b"", {})


def test_a_lockfile_says_the_same_through_the_pipe() -> None:
    locked = locked_of("go.mod", b"module example.com/a\nrequire x.y/z v1.2.3\n", {})
    assert [(one.name, one.version) for one in locked.packages] == [("x.y/z", "v1.2.3")]
    assert locked.own == {"example.com/a"}
    with pytest.raises(LockfileError, match=r"go\.mod: no module line; upload"):
        locked_of("go.mod", b"", {})
