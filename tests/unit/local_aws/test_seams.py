from importlib import import_module
from types import ModuleType

import pytest


@pytest.fixture
def seams() -> ModuleType:
    """Imported late: all of ministack takes a second, in every process that collects tests."""
    return import_module("demo.local_aws.ministack_seams")


def test_the_installed_ministack_is_the_one_the_seams_are_for(seams: ModuleType) -> None:
    seams.check()


def test_another_version_is_refused(seams: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seams, "MINISTACK_VERSION", "0.0.1")

    with pytest.raises(seams.SeamError, match=r"the seams are for 0\.0\.1"):
        seams.check()


def test_a_function_that_is_gone_is_named(
    seams: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(seams.eventbridge, "_dispatch_event")

    with pytest.raises(seams.SeamError, match=r"eventbridge\._dispatch_event: gone"):
        seams.check()


def test_a_function_with_other_parameters_is_named(
    seams: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seams.lambda_runtime.Worker, "invoke", lambda self, event: None)

    with pytest.raises(seams.SeamError, match=r"Worker.invoke: takes \(self event\) now"):
        seams.check()
