"""What every command has in common: options, forms, exit statuses, and what it loads."""

import json
import os
import pty
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import click
import pytest

from tests.unit.scanner.inventory.archives import manifest, zipped
from tests.unit.warden.terminal import main
from tests.unit.warden.test_help import LEAVES, ids
from warden.main import _status_of

WARDEN: Final = Path(sys.executable).with_name("warden")
LOCAL: Final = {
    "scan inspect",
    "scan match",
    "runbook",
    "scan drift",
    "policy check",
    "replay",
    "completion",
}
"""Commands that ask AWS nothing."""

HEAVY: Final = ("boto3", "botocore", "pydantic", "numpy", "rich", "aws_lambda_powertools")
NOT_OURS: Final = ("aws_cdk", "constructs", "jsii", "stacks", "demo", "moto", "ministack", "pytest")


def _options(command: click.Command) -> dict[str, click.Option]:
    return {
        name: one for one in command.params if isinstance(one, click.Option) for name in one.opts
    }


@pytest.mark.parametrize(("path", "command"), LEAVES, ids=ids)
def test_every_command_has_the_common_options(
    path: tuple[str, ...], command: click.Command
) -> None:
    options = _options(command)
    if path != ("completion",):
        forms = options["--format"].type
        assert isinstance(forms, click.Choice)
        assert {"table", "json"} <= set(forms.choices)
    asks_aws = {"--region", "--profile"} <= set(options)
    assert asks_aws is (" ".join(path) not in LOCAL)
    if asks_aws:
        assert options["--region"].envvar == ["AWS_REGION", "AWS_DEFAULT_REGION"]


@pytest.mark.parametrize(("path", "command"), LEAVES, ids=ids)
def test_the_tab_key_knows_the_values_of_every_option_that_has_some(
    path: tuple[str, ...], command: click.Command
) -> None:
    """A file, a choice, or names that are known here; the rest is free text or a number."""
    free = {"NAME", "TEXT", "ID", "N", "SECONDS", "MIB", "DAYS", "PATTERN"}
    for name, option in _options(command).items():
        if option.is_flag or isinstance(option.type, click.Choice | click.Path):
            continue
        if name in {"--region", "--profile", "--rule", "--kind", "--severity"}:
            if path == ("alerts",) and name == "--severity":
                continue
            assert option._custom_shell_complete is not None, name
        elif option.metavar not in free:
            assert option.type.name in {"duration", "time", "date"} or name == "--plot", name


def _run(code: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env={**os.environ, **environment}, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip


def test_help_and_the_tab_key_load_nothing_of_what_a_command_does() -> None:
    code = (
        "import sys, click\n"
        "from warden.main import main\n"
        "def walk(group):\n"
        "    context = click.Context(group)\n"
        "    for name in group.list_commands(context):\n"
        "        one = group.get_command(context, name)\n"
        "        one.get_help(click.Context(one))\n"
        "        if isinstance(one, click.Group): walk(one)\n"
        "walk(main)\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    assert _run(code).stdout == "[]\n"


def test_choosing_a_command_loads_no_other() -> None:
    code = (
        "import sys; sys.argv = ['warden', 'scan', '--help']\n"
        "from warden.main import main\n"
        "try: main()\nexcept SystemExit: pass\n"
        "print([one for one in sys.modules if one.startswith('warden.commands.')])"
    )
    assert _run(code).stdout.splitlines()[-1] == "['warden.commands.scan']"


@pytest.fixture
def package(tmp_path: Path) -> Path:
    file = tmp_path / "function.zip"
    file.write_bytes(zipped({"node_modules/ms/package.json": manifest("ms", "2.0.0")}))
    return file


def test_the_command_line_works_without_node_and_without_the_cdk(
    package: Path, tmp_path: Path
) -> None:
    past = tmp_path / "past.csv"
    rows = [f"2026-03-{1 + i // 288:02}T{i // 12 % 24:02}:{i % 12 * 5:02}Z,7" for i in range(1500)]
    past.write_text("\n".join(["timestamp,value", *rows, ""]))
    code = (
        "import importlib.abc, sys\n"
        "class Refuse(importlib.abc.MetaPathFinder):\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        f"        if name.split('.')[0] in {NOT_OURS!r}:\n"
        "            raise ModuleNotFoundError(name, name=name)\n"
        "sys.meta_path.insert(0, Refuse())\n"
        "from warden.main import main\n"
        "main(sys.argv[1:], prog_name='warden')"
    )
    for words, status in (
        (["scan", "inspect", str(package)], 0),
        (["backtest", str(past), "--no-plot"], 0),
        (["replay", str(past)], 3),
        (["--version"], 0),
    ):
        done = _run(code, *words, PATH="/nonexistent")
        assert done.returncode == status, done.stderr
        assert "Traceback" not in done.stderr
    assert "needs demo, which is not installed" in _run(code, "replay", str(past)).stderr


def _on_a_terminal(*arguments: str) -> str:
    """What a command writes where somebody looks at it."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [str(WARDEN), *arguments], stdin=theirs, stdout=theirs, stderr=subprocess.DEVNULL
    ) as program:
        os.close(theirs)
        seen = b""
        try:
            while chunk := os.read(ours, 4096):
                seen += chunk
        except OSError:
            pass  # the other end was closed
        os.close(ours)
    assert program.returncode == 0
    return seen.decode()


def test_people_get_tables_and_pipes_get_json(package: Path) -> None:
    words = ("scan", "inspect", str(package))
    assert _on_a_terminal(*words).startswith("ECOSYSTEM")
    assert json.loads(_on_a_terminal(*words, "--format", "json"))["packages"]
    piped = subprocess.run([str(WARDEN), *words], capture_output=True, text=True, check=True)
    assert json.loads(piped.stdout)["packages"][0]["name"] == "ms"


def test_the_version_is_that_of_the_installed_package() -> None:
    done = subprocess.run([str(WARDEN), "--version"], capture_output=True, text=True, check=True)
    assert done.stdout == f"warden, version {version('lambda-warden')}\n"


def _raising(error: BaseException) -> Callable[[], int]:
    def run() -> int:
        raise error

    return run


@pytest.mark.parametrize(
    ("run", "status"),
    [
        (lambda: None, 0),
        (lambda: 1, 1),
        (_raising(click.UsageError("what?")), 2),
        (_raising(click.FileError("estate.html", "no room")), 2),
        (_raising(OSError(28, "No space left on device")), 3),
        (_raising(KeyError("a fault")), 3),
        (_raising(KeyboardInterrupt()), 130),
        (_raising(click.Abort()), 130),
    ],
)
def test_every_end_has_its_status(run: Callable[[], int | None], status: int) -> None:
    assert _status_of(run) == status


class _Expired(BaseHTTPRequestHandler):
    """An AWS that knows the credentials, and that they have expired."""

    def do_POST(self) -> None:
        self._answer(
            "text/xml",
            "<ErrorResponse><Error><Type>Sender</Type><Code>ExpiredToken</Code>"
            "<Message>The security token included in the request is expired</Message></Error>"
            "<RequestId>1</RequestId></ErrorResponse>",
        )

    def do_GET(self) -> None:
        self.send_response(403)
        self.send_header("x-amzn-ErrorType", "ExpiredTokenException")
        self.end_headers()
        self.wfile.write(b'{"message": "The security token included in the request is expired"}')

    def _answer(self, kind: str, text: str) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        self.send_response(403)
        self.send_header("content-type", kind)
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def _aws_at(handler: type[BaseHTTPRequestHandler]) -> Iterator[dict[str, str]]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield _environment(server.server_port)
    finally:
        server.shutdown()
        server.server_close()


def _environment(port: int) -> dict[str, str]:
    return {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "example",
        "AWS_SESSION_TOKEN": "example",
        "AWS_REGION": "eu-west-1",
        "AWS_CONFIG_FILE": "/nonexistent",
        "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent",
    }


@pytest.mark.parametrize(
    "words",
    [
        ["alerts"],
        ["ack", "3f9a"],
        ["flows"],
        ["guard", "status"],
        ["guard", "release", "orders"],
        ["guard", "stop", "--table", "state"],
        ["backtest", "orders", "--no-plot"],
        ["report"],
    ],
)
def test_expired_credentials_say_so(
    words: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with _aws_at(_Expired) as environment:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.delenv("AWS_PROFILE", raising=False)
        assert main(words) == 3
    said = capsys.readouterr()
    assert said.out == ""
    assert "The AWS credentials have expired." in said.err


def test_a_hanging_aws_is_named_and_left_with_ctrl_c() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        environment = _environment(silent.getsockname()[1])
        with subprocess.Popen(
            [str(WARDEN), "alerts"],
            env={**os.environ, **environment}, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True,
        ) as program:  # fmt: skip
            assert program.stderr is not None
            said = program.stderr.readline()
            program.send_signal(signal.SIGINT)
            _, rest = program.communicate(timeout=60)
    assert f"Waiting for CloudFormation DescribeStacks at {environment['AWS_ENDPOINT_URL']}" in said
    assert rest.strip() == "Interrupted."
    assert program.returncode == 130
