import os
import signal
import socket
import subprocess
import sys
import textwrap
from dataclasses import replace
from pathlib import Path

import pytest

from demo.local_aws import (
    AlreadyRunningError,
    LocalAws,
    NotRunningError,
    StartFailedError,
    processes,
    stop_recorded,
)
from demo.local_aws.errors import RefusedError
from tests.integration.local_aws.scene import Scene, eventually

PROJECT = Path(__file__).parents[3]
BUSY = """
import subprocess, time
def handler(event, context):
    # A process of its own session leaves the group of the server that has to end it.
    subprocess.Popen(["sleep", "600"], start_new_session=True)
    time.sleep(15)
"""


def make_busy(aws: LocalAws) -> None:
    scene = Scene(aws)
    name = scene.function(BUSY)
    scene.awslambda.invoke(FunctionName=name, InvocationType="Event")
    eventually(lambda: len(processes.marked(aws.running.mark)) >= 3)


def assert_gone(mark: str, port: int) -> None:
    assert processes.marked(mark) == []
    assert not processes.listening(port)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as daemon:
        daemon.bind((processes.LOOPBACK, port))


def listening_addresses(pids: list[int]) -> set[str]:
    sockets = {
        str(link.readlink())
        for pid in pids
        for link in Path(f"/proc/{pid}/fd").iterdir()
        if link.is_symlink()
    }
    rows = [
        line.split()
        for table in ("tcp", "tcp6", "udp", "udp6")
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]
    ]
    return {row[1] for row in rows if row[3] in {"0A", "07"} and f"socket:[{row[9]}]" in sockets}


def test_stop_ends_workers_and_all_they_started(tmp_path: Path) -> None:
    with LocalAws.start(tmp_path) as aws:
        make_busy(aws)

    assert_gone(aws.running.mark, aws.running.port)
    assert not (tmp_path / "local-aws.json").exists()
    assert not (tmp_path / "tmp").exists()


def test_only_the_given_port_of_the_loopback_interface_is_opened(tmp_path: Path) -> None:
    port = processes.free_port()
    with LocalAws.start(tmp_path, port=port) as aws:
        Scene(aws).run(Scene(aws).function("def handler(event, context): return 1"))
        opened = listening_addresses(processes.marked(aws.running.mark))

    assert opened == {f"0100007F:{port:04X}"}


def test_stop_does_not_wait_for_a_pending_custom_resource(tmp_path: Path) -> None:
    template = """{"Resources": {"Never": {"Type": "Custom::Never", "Properties":
        {"ServiceToken": "%s"}}}}"""
    with LocalAws.start(tmp_path) as aws:
        scene = Scene(aws)
        name = scene.function("def handler(event, context): return 'no answer is sent'")
        token = scene.awslambda.get_function_configuration(FunctionName=name)["FunctionArn"]
        aws.client("cloudformation").create_stack(StackName="s", TemplateBody=template % token)
        logs = aws.client("logs")
        group = f"/aws/lambda/{name}"
        eventually(lambda: logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"])

    assert_gone(aws.running.mark, aws.running.port)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_the_end_of_the_parent_ends_everything(tmp_path: Path, how: signal.Signals) -> None:
    code = """
        import sys
        from pathlib import Path
        from demo.local_aws import LocalAws
        from tests.integration.local_aws.test_lifetime import make_busy
        with LocalAws.start(Path(sys.argv[1])) as aws:
            make_busy(aws)
            print(aws.running.mark, aws.running.port, flush=True)
            sys.stdin.read()
    """
    parent = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code), str(tmp_path)],
        cwd=PROJECT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    with parent:
        assert parent.stdout is not None
        mark, port = parent.stdout.readline().split()
        parent.send_signal(how)
        parent.wait()

        eventually(lambda: not processes.marked(mark) and not processes.listening(int(port)))


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_the_end_of_the_server_itself_leaves_nothing_after_stop(
    tmp_path: Path, how: signal.Signals
) -> None:
    with LocalAws.start(tmp_path) as aws:
        make_busy(aws)
        os.kill(aws.running.pid, how)
        eventually(lambda: not processes.alive(aws.running.pid))

    assert_gone(aws.running.mark, aws.running.port)


def shell(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "demo.local_aws", *arguments]
    return subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)


def test_detached_it_stays_until_it_is_stopped(tmp_path: Path) -> None:
    started = shell("--directory", str(tmp_path), "--detach")
    try:
        aws = LocalAws.attach(tmp_path)

        assert started.returncode == 0
        assert f"export AWS_ENDPOINT_URL={aws.endpoint_url}" in started.stdout
        assert aws.client("sts").get_caller_identity()["Account"] == aws.account
        with pytest.raises(AlreadyRunningError, match=str(aws.running.port)):
            LocalAws.start(tmp_path)
    finally:
        stopped = shell("--directory", str(tmp_path), "--stop")

    assert stopped.stdout == f"local AWS on port {aws.running.port} stopped\n"
    assert_gone(aws.running.mark, aws.running.port)
    again = shell("--directory", str(tmp_path), "--stop")
    assert (again.returncode, again.stdout) == (0, "nothing to stop: no local AWS runs here\n")
    with pytest.raises(NotRunningError):
        LocalAws.attach(tmp_path)


def test_in_the_foreground_it_ends_on_ctrl_c(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "demo.local_aws", "--directory", str(tmp_path)]
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True) as foreground:
        assert foreground.stdout is not None
        assert foreground.stdout.readline().startswith("unset AWS_PROFILE")
        running = LocalAws.attach(tmp_path).running
        foreground.send_signal(signal.SIGINT)
        foreground.stdout.read()

    assert foreground.returncode == 0
    assert_gone(running.mark, running.port)


def test_a_taken_port_is_named(tmp_path: Path) -> None:
    with (
        socket.create_server((processes.LOOPBACK, 0)) as other,
        pytest.raises(StartFailedError, match=f"port: {other.getsockname()[1]} is taken"),
    ):
        LocalAws.start(tmp_path, port=other.getsockname()[1])

    assert stop_recorded(tmp_path) is None


def test_a_recycled_process_id_is_not_taken_for_ours(tmp_path: Path) -> None:
    record = (
        f'{{"pid": {os.getpid()}, "port": 1, "mark": "none", "account": "111111111111", '
        '"region": "us-east-1", "enforce_iam": false}'
    )
    (tmp_path / "local-aws.json").write_text(record)

    assert stop_recorded(tmp_path) is None
    assert not (tmp_path / "local-aws.json").exists()


def test_only_its_own_launcher_may_use_the_door(tmp_path: Path) -> None:
    with LocalAws.start(tmp_path) as aws:
        stranger = LocalAws(tmp_path, replace(aws.running, mark="guessed"))

        with pytest.raises(RefusedError, match="not this server's mark"):
            stranger.put_service_event("aws.lambda", "x", {})
