import pytest
from ministack.core import lambda_runtime
from ministack.services import eventbridge

from demo.local_aws import ministack_seams as seams


def test_the_installed_ministack_is_the_one_the_seams_are_for() -> None:
    seams.check()


def test_another_version_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seams, "MINISTACK_VERSION", "0.0.1")

    with pytest.raises(seams.SeamError, match=r"the seams are for 0\.0\.1"):
        seams.check()


def test_a_function_that_is_gone_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(eventbridge, "_dispatch_event")

    with pytest.raises(seams.SeamError, match=r"eventbridge\._dispatch_event: gone"):
        seams.check()


def test_a_function_with_other_parameters_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lambda_runtime.Worker, "invoke", lambda self, event: None)

    with pytest.raises(seams.SeamError, match=r"Worker.invoke: takes \(self event\) now"):
        seams.check()
