"""The estate as one table, as `warden estate` prints it."""

import json
import subprocess
import sys

from demo.deployment.warden import Warden
from demo.local_aws import LocalAws
from demo.project import ROOT
from demo.screen import Screen
from warden.estate_list import wide_table
from warden.estate_table import Row


def show_estate(aws: LocalAws, warden: Warden, screen: Screen) -> None:
    """Sweep once more, and print who owns what; what goes wrong is said and ends nothing."""
    aws.client("lambda").invoke(FunctionName=warden.sweep, Payload=b"{}")
    done = subprocess.run(
        [sys.executable, "-m", "warden", "estate", "--sort", "owner", "--format", "json"],
        cwd=ROOT,
        env=aws.process_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        screen.note(f"warden estate: {done.stderr.strip()}", "red")
        return
    own = "lambda-warden-"
    found = [Row(**one) for one in json.loads(done.stdout)["functions"]]
    rows = [row for row in found if not row.function.startswith(own)]
    screen.heading("warden estate")
    screen.table(wide_table(rows))
