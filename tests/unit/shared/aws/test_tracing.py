"""Stories of Warden's own traces."""

import sys

import pytest

from functions.shared.aws.tracing import traced

_SDK = "aws_xray_sdk"
_TRACE = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled="


@pytest.fixture(autouse=True)
def _without_sdk(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a fresh process, where nothing imported the SDK yet."""
    for name in [name for name in sys.modules if name.partition(".")[0] == _SDK]:
        monkeypatch.delitem(sys.modules, name)


@pytest.mark.parametrize("header", ["", f"{_TRACE}0"])
def test_an_invocation_that_is_not_sampled_never_imports_the_sdk(
    monkeypatch: pytest.MonkeyPatch, header: str
) -> None:
    monkeypatch.setenv("_X_AMZN_TRACE_ID", header)
    with traced("message"):
        pass
    assert _SDK not in sys.modules


def test_a_sampled_invocation_records_a_subsegment_with_its_fault(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("_X_AMZN_TRACE_ID", f"{_TRACE}1")
    monkeypatch.setenv("LAMBDA_TASK_ROOT", "/var/task")
    monkeypatch.setenv("AWS_XRAY_DAEMON_ADDRESS", "127.0.0.1:9")
    seen = []

    def fails() -> None:
        from aws_xray_sdk.core import xray_recorder  # noqa: PLC0415 - imported by then

        seen.append(xray_recorder.current_subsegment())
        raise ValueError("boom")

    with pytest.raises(ValueError, match="boom"), traced("message"):
        fails()
    assert [one.name for one in seen] == ["message"]
    assert seen[0].fault is True
