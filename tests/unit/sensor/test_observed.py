"""What the sensor sees of files, connections and code, what it blocks, and what it leaves alone."""

import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import pytest

from demo.runtime.live import Live
from tests.unit.sensor.conftest import HERE, Start

SOURCE = HERE / "observed.py"
NOT_PERMITTED = {"error": 1}


def do(function: Live, what: str, with_: object = None) -> tuple[Any, list[dict[str, Any]]]:
    before = len(function.lines())
    answer = function.invoke({"do": what, "with": with_})
    return answer.body, function.lines()[before:]


def names(lines: list[dict[str, Any]]) -> list[tuple[str, str, str, str]]:
    return [
        (one["kind"], one["did"], one.get("name", ""), one.get("place", ""))
        for one in lines
        if one["kind"] not in {"start", "summary"}
    ]


@pytest.fixture
def echo() -> Iterator[str]:
    """A service on a network address of this machine that is not the loopback."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))  # sends nothing: only asks for the way
        host = probe.getsockname()[0]
    with socket.create_server((host, 0)) as server:

        def serve() -> None:
            while True:
                try:
                    one, _ = server.accept()
                except OSError:
                    return
                with one:
                    one.recv(100)
                    one.sendall(b"pong!")

        threading.Thread(target=serve, daemon=True).start()
        yield f"{host}:{server.getsockname()[1]}"


def test_sensitive_places_are_named_whatever_leads_to_them(
    python_function: Start, tmp_path: Path
) -> None:
    environment = ("read", "seen", "/proc/*/environ", "process environment")
    with python_function(SOURCE) as function:
        assert names(do(function, "through_a_link", str(tmp_path))[1]) == [environment]
        assert names(do(function, "upwards")[1]) == [("read", "seen", "/etc/passwd", "accounts")]
        own = names(do(function, "own_source")[1])
        assert [one[3] for one in own] == ["own source"]
        found = names(do(function, "credentials", str(tmp_path))[1])
        assert {(kind, place) for kind, _, _, place in found} == {
            ("write", "credentials"),
            ("read", "credentials"),
        }
        assert names(do(function, "scratch", str(tmp_path))[1]) == []
        assert names(do(function, "environment_of_process")[1]) == []  # told already


def test_reading_is_blocked_and_the_function_answers(
    python_function: Start, tmp_path: Path
) -> None:
    with python_function(SOURCE, "read=block:/dev/*") as function:
        for way in ("environment_of_process", "through_the_folder", "upwards", "own_source"):
            assert do(function, way)[0] == NOT_PERMITTED, way
        assert do(function, "through_a_link", str(tmp_path))[0] == NOT_PERMITTED
        assert do(function, "scratch", str(tmp_path))[0] == {"value": "x"}


def test_a_blocked_write_leaves_the_file_as_it_was(python_function: Start) -> None:
    # /tmp is free for every function, and a checkout may lie there.
    with NamedTemporaryFile("w", dir="/var/tmp") as file:
        file.write("old")
        file.flush()
        with python_function(SOURCE, "write=block") as function:
            assert do(function, "write", file.name)[0] == NOT_PERMITTED
        assert Path(file.name).read_text() == "old"


def test_a_connection_is_told_with_its_port_and_bytes(python_function: Start, echo: str) -> None:
    with python_function(SOURCE) as function:
        assert do(function, "connect", echo)[0] == {"value": "pong!"}
        assert ("connect", "seen", echo, "") in names(function.lines())
        assert names(do(function, "look_up", "nowhere.invalid")[1]) == [
            ("lookup", "seen", "nowhere.invalid", "")
        ]


def test_only_allowed_connections_are_made(python_function: Start, echo: str) -> None:
    host = echo.rsplit(":", 1)[0]
    with python_function(SOURCE, f"connect=block:{host},*.amazonaws.com:443,loopback") as function:
        assert do(function, "connect", echo)[0] == {"value": "pong!"}
        assert do(function, "connect", "192.0.2.1:443")[0] == NOT_PERMITTED
        assert do(function, "datagram", "192.0.2.1:53")[0] == NOT_PERMITTED
        assert do(function, "look_up", "nowhere.invalid")[0] == NOT_PERMITTED


def test_arguments_are_told_only_where_policy_says_so_and_without_secrets(
    python_function: Start,
) -> None:
    with python_function(SOURCE) as function:
        (line,) = do(function, "arguments")[1]
        assert line["argc"] == 3
        assert "args" not in line
    with python_function(SOURCE, "arguments=on") as function:
        (line,) = do(function, "arguments")[1]
        assert line["args"] == "--password=* ghp_*** word"


def test_ordinary_code_cannot_loosen_the_policy(python_function: Start, tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    payload = tmp_path / "payload"
    payload.write_text(f"#!/bin/sh\n: > {mark}\n")
    payload.chmod(0o700)
    with python_function(SOURCE, "program=block") as function:
        assert do(function, "pages_of_the_sensor")[0] == NOT_PERMITTED
        assert do(function, "loosen", str(payload))[0] == NOT_PERMITTED
    assert not mark.exists()


def test_children_inherit_what_is_blocked(python_function: Start, tmp_path: Path) -> None:
    allowed, forbidden, mark = tmp_path / "allowed", tmp_path / "forbidden", tmp_path / "mark"
    allowed.write_text('#!/bin/sh\n"$1"\nexit 0\n')
    forbidden.write_text(f"#!/bin/sh\n: > {mark}\n")
    for one in (allowed, forbidden):
        one.chmod(0o700)
    with python_function(SOURCE, f"program=block:{allowed}") as function:
        body, lines = do(function, "inherit", [str(allowed), str(forbidden)])
    assert body == {"value": None}
    assert [(one[1], one[2]) for one in names(lines)] == [("blocked", str(forbidden))]
    assert not mark.exists()


def test_nothing_is_refused_before_the_first_event(python_function: Start) -> None:
    early = "import subprocess\nEARLY = subprocess.run(['/bin/true']).returncode\n"
    source = early + "def handler(event, _):\n    return EARLY\n"
    with python_function(source, "program=block") as function:
        assert function.invoke({}).body == 0
        assert ("program", "alert", "/bin/true", "") in names(function.lines())


def test_a_wrong_policy_is_told_and_stops_nobody(python_function: Start, tmp_path: Path) -> None:
    with python_function(SOURCE, "programs=blok") as function:
        (start,) = [one for one in function.lines() if one["kind"] == "start"]
        assert start["wrong"] == "programs=blok"
        assert do(function, "scratch", str(tmp_path))[0] == {"value": "x"}


def test_a_library_that_is_missing_or_broken_leaves_the_function_running(
    python_function: Start, tmp_path: Path
) -> None:
    (tmp_path / "broken.so").write_bytes(b"\x7fELF nonsense")
    for value in (tmp_path / "missing.so", tmp_path / "broken.so"):
        with python_function(SOURCE, LD_PRELOAD=str(value)) as function:
            assert do(function, "scratch", str(tmp_path))[0] == {"value": "x"}
            assert function.lines() == []


def test_a_flood_of_first_sights_is_bounded_and_counted(python_function: Start) -> None:
    source = (
        "import socket\n"
        "def handler(event, _):\n"
        "    for n in range(500):\n"
        "        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:\n"
        "            one.connect((f'192.0.2.{n % 250}', 1000 + n))\n"
        "    import subprocess\n"
        "    subprocess.run(['/bin/true'])\n"
    )
    with python_function(source) as function:
        function.invoke({})
        said = names(function.lines())
    assert 0 < len([one for one in said if one[0] == "connect"]) <= 2 * 40
    assert ("program", "seen", "/bin/true", "") in said, "one category silenced another"


def test_the_loop_that_is_blocked_is_told_with_its_time(node_function: Start) -> None:
    source = (
        "exports.handler = async () => {\n"
        "  const until = process.cpuUsage().user + 1200000;\n"
        "  while (process.cpuUsage().user < until);\n"
        "  await new Promise((resolve) => setTimeout(resolve, 1));\n"
        "};\n"
    )
    with node_function(source) as function:
        function.invoke({})
        (line,) = [one for one in function.lines() if one["kind"] == "loop"]
    assert line["n"] == 1
    assert line["ms"] >= 1000


def test_a_summary_is_short_and_counts(node_function: Start, echo: str) -> None:
    host, port = echo.rsplit(":", 1)
    source = (
        "const net = require('node:net');\n"
        "exports.handler = () => new Promise((resolve) => {\n"
        f"  const one = net.connect({port}, '{host}', () => one.end('ping'));\n"
        "  one.on('data', () => {});\n"
        "  one.on('close', () => { resolve({}); setTimeout(() => process.exit(0), 50); });\n"
        "});\n"
    )
    with node_function(source) as function:
        function.invoke({})
        function.process.wait(10)
        function.read_all()
        (line,) = [one for one in function.lines() if one["kind"] == "summary"]
        (text,) = [one for one in function.log if '"summary"' in one]
    assert (line["out"], line["in"], line["connect"]) == (4, 5, 1)
    assert line["thr"] >= 1
    assert min(line["cpu"], line["mem"], line["fd"]) > 0
    assert len(text) <= 300
