"""`make demo` as a newcomer runs it."""

import re
import signal
import time
from pathlib import Path

import pytest

from demo.estate.functions import ESTATE
from demo.local_aws import state_file
from demo.local_aws.processes import listening
from demo.project import ROOT
from tests.e2e.commands import folders, processes_of, run, start

pytestmark = pytest.mark.e2e


def test_every_promised_alert_arrives_and_the_well_kept_function_stays_silent(
    tmp_path: Path,
) -> None:
    picture = tmp_path / "demo.svg"
    ended = run("demo", "--svg", str(picture))
    assert ended.status == 0, ended.output + ended.errors
    promised = sum(len(function.promises) for function in ESTATE)
    assert f"{promised} of {promised} promised alerts arrived" in ended.output
    assert "orders-api stayed silent" in ended.output
    assert re.search(r"reserved concurrency: none → \d+", ended.output)
    assert "could not handle" not in ended.output
    assert "Besides" not in ended.output, "an alert that nobody promised"
    assert "\x1b" not in ended.output, "no control sequences off a terminal"
    assert "Runaway" in picture.read_text(encoding="utf-8")
    assert re.search(
        r"12 minutes after a deployment of \S+ by ci-pipeline\. "
        r"It costs about \$[\d.]+ an hour; usual is",
        " ".join(ended.output.split()),
    )
    [drawn] = re.findall(r"Picture of an incident: (\S+)", ended.output)
    incident = (ROOT / drawn).read_text(encoding="utf-8")
    assert incident.startswith("<svg")
    assert "crawler-lab" in incident


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="needs /proc")
@pytest.mark.parametrize(
    "moment",
    ["Packing", "Started a local AWS", "Deployed Lambda Warden", "The estate changes"],
)
def test_ctrl_c_leaves_no_process_no_port_and_no_folder(moment: str) -> None:
    before = folders("demo")
    program = start("demo")
    assert program.stdout is not None
    try:
        while moment != "Packing" and moment not in (line := program.stdout.readline()):
            assert line, f"ended before: {moment}"
        while not (own := folders("demo") - before):
            time.sleep(0.02)
        (folder,) = own
        running = state_file.read(folder / "aws")
        program.send_signal(signal.SIGINT)
        output, errors = program.communicate(timeout=30)
    finally:
        program.kill()
    assert program.returncode == 130, output + errors
    assert "Traceback" not in errors
    # What was ended may need a moment to be gone from the list of processes.
    deadline = time.monotonic() + 5
    while processes_of(folder) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not processes_of(folder)
    assert not folder.exists()
    assert running is None or not listening(running.port)
