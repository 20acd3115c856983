"""`make up` and `make down`: a local AWS that stays until it is told to go."""

import re
import subprocess
import sys
from collections.abc import Iterator

import pytest

from demo.local_aws import LocalAws, NotRunningError
from demo.local_aws.processes import listening
from demo.project import STANDING
from tests.e2e.commands import Ended, run

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def up() -> Iterator[Ended]:
    try:
        LocalAws.attach(STANDING)
        pytest.skip("somebody's local AWS is up; it is not ours to end")
    except NotRunningError:
        pass
    try:
        yield run("demo.up")
    finally:
        run("demo.down")


def test_up_prints_what_a_shell_needs_and_nothing_else(up: Ended) -> None:
    assert up.status == 0, up.errors
    assert all(re.match(r"export [A-Z0-9_]+=", line) for line in up.output.splitlines())
    program = "import boto3; print(len(boto3.client('lambda').list_functions()['Functions']))"
    shell = f"{up.output}\n{sys.executable} -c {program!r}"
    asked = subprocess.run(
        ["sh", "-c", shell.replace("'" + program + "'", f'"{program}"')],
        capture_output=True,
        text=True,
        check=True,
        env={"PATH": "/usr/bin:/bin"},
    )
    assert int(asked.stdout) >= 5


def test_up_again_says_the_same(up: Ended) -> None:
    again = run("demo.up", seconds=30)
    assert again.status == 0
    assert again.output == up.output


def test_down_frees_the_port_and_may_be_repeated(up: Ended) -> None:
    found = re.search(r"AWS_ENDPOINT_URL=http://127\.0\.0\.1:(\d+)", up.output)
    assert found
    assert [run("demo.down").status for _ in range(2)] == [0, 0]
    assert not listening(int(found[1]))
