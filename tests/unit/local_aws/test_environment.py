from datetime import UTC, datetime
from pathlib import Path

import pytest

from demo.local_aws.environment import client_environment, laid_over, server_environment
from demo.local_aws.errors import RefusedError
from demo.local_aws.metrics.series import MetricSeries, read_series
from demo.local_aws.state_file import Running, forget, read, write

RUNNING = Running(1, 4566, "mark", "111111111111", "us-east-1", enforce_iam=False)


def test_the_server_sees_nothing_of_the_host_but_a_few_names(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "production")
    monkeypatch.setenv("GITHUB_TOKEN", "secret")

    found = server_environment(
        directory=tmp_path,
        port=4566,
        account="111111111111",
        region="us-east-1",
        enforce_iam=True,
        concurrency=4,
        mark="mark",
    )

    assert not {"AWS_PROFILE", "GITHUB_TOKEN"} & set(found)
    assert found["BIND_HOST"] == "127.0.0.1"
    assert (found["AUTH"], found["IOT_MTLS_ENABLED"]) == ("true", "0")
    assert {Path(found[name]).parent for name in ("HOME", "TMPDIR", "STATE_DIR")} == {tmp_path}


def test_clients_are_pointed_here_and_keep_their_own_home(tmp_path: Path) -> None:
    found = client_environment(
        directory=tmp_path, port=4566, account="111111111111", region="eu-west-1"
    )

    assert "HOME" not in found
    assert Path(found["CDK_HOME"]).is_relative_to(tmp_path)
    assert found["AWS_ENDPOINT_URL"] == found["AWS_ENDPOINT_URL_S3"] == "http://127.0.0.1:4566"
    assert found["CDK_DEFAULT_REGION"] == "eu-west-1"


def test_a_program_keeps_its_environment_but_no_way_to_another_account() -> None:
    host = {"PATH": "/bin", "AWS_PROFILE": "live", "AWS_ENDPOINT_URL_SQS": "x", "NO_PROXY": "a"}

    found = laid_over(host, {"AWS_REGION": "us-east-1"})

    assert found == {
        "PATH": "/bin",
        "AWS_REGION": "us-east-1",
        "NO_PROXY": "a,127.0.0.1",
        "no_proxy": "a,127.0.0.1",
    }


def test_what_runs_is_remembered_and_forgotten(tmp_path: Path) -> None:
    write(tmp_path, RUNNING)
    assert read(tmp_path) == RUNNING

    forget(tmp_path)
    forget(tmp_path)
    assert read(tmp_path) is None


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"pid": 1}'])
def test_an_unreadable_record_counts_as_none(tmp_path: Path, content: str) -> None:
    (tmp_path / "local-aws.json").write_text(content)

    assert read(tmp_path) is None


@pytest.mark.parametrize("raw", [None, {}, {"name": "Errors"}, {"name": "Errors", "start": "x"}])
def test_a_series_with_a_fault_is_refused(raw: object) -> None:
    with pytest.raises(RefusedError, match="series: "):
        read_series(raw)


@pytest.mark.parametrize(
    ("change", "field"), [({"step_seconds": 0}, "step_seconds"), ({"counts": [1.0]}, "counts")]
)
def test_a_series_that_does_not_fit_together_is_refused(
    change: dict[str, object], field: str
) -> None:
    good = MetricSeries("Errors", datetime(2026, 1, 1, tzinfo=UTC), 60, [1.0, 2.0])

    with pytest.raises(RefusedError, match=f"{field}: "):
        read_series({**good.as_json(), **change})
