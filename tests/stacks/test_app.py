import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, Stack, Validations
from aws_cdk import aws_sqs as sqs
from cdk_nag import AwsSolutionsChecks

import app
from functions.shared.config import ConfigError

Context = dict[str, Any]

ACTING = {
    "guard": {"mode": "enforce"},
    "exempt_functions": ["legacy-*"],
    "advisories": {"location": "s3://mirror/osv"},
}


def _run(context: Context, outdir: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the app as the CDK command line does: context and output folder in the environment."""
    return subprocess.run(
        [sys.executable, app.__file__],
        env={
            **os.environ,
            "CDK_CONTEXT_JSON": json.dumps(context),
            "CDK_OUTDIR": str(outdir),
            **environment,
        },
        capture_output=True,
        text=True,
        check=False,
    )


def _shipped() -> Context:
    text = Path(app.__file__).with_name("cdk.json").read_text("utf-8")
    context: Context = json.loads(text)["context"]
    return context


@pytest.mark.parametrize(
    ("context", "complaint"),
    [
        ({"warden": {"sweep_hours": 0}}, r"warden.sweep_hours: "),
        ({"warden": {"sweep_huors": 6}}, r"warden.sweep_huors: no such setting"),
        ({"warden": {"guard": {"cap": {"minutes": 0}}}}, r"warden.guard.cap.minutes: "),
        ({"warden": {"alert_emails": ["nobody"]}}, r"warden.alert_emails.0: "),
        ({"warden": "{"}, r"context warden: no JSON"),
        ({"warden": '{"sweep_hours": "often"}'}, r"warden.sweep_hours: "),
        ({"warden": {"exempt_functions": [f"f{n:050}" for n in range(60)]}}, r"has room for"),
        ({"target": "moon"}, r"no such target 'moon'"),
    ],
)
def test_a_wrong_setting_is_refused_by_its_name(context: Context, complaint: str) -> None:
    with pytest.raises(ConfigError, match=complaint):
        app.build(App(context=context))


def test_a_wrong_setting_stops_the_app_without_a_traceback(tmp_path: Path) -> None:
    result = _run({"warden": {"sweep_hours": 0, "owner": ""}}, tmp_path)
    assert result.returncode == 1
    assert "warden.sweep_hours: " in result.stderr
    assert "warden.owner: " in result.stderr
    assert "Traceback" not in result.stderr


def test_what_ships_passes_cdk_nag_and_cdks_own_validation(tmp_path: Path) -> None:
    result = _run(_shipped(), tmp_path, CDK_VALIDATION="true")
    assert result.returncode == 0, result.stderr


def test_the_stack_that_may_act_passes_cdk_nag(tmp_path: Path) -> None:
    acting = App(context={**_shipped(), "warden": ACTING}, outdir=str(tmp_path))
    app.build(acting)
    acting.synth()


def test_cdk_nag_is_really_asked(tmp_path: Path) -> None:
    careless = App(outdir=str(tmp_path))
    sqs.Queue(Stack(careless, "Careless"), "Queue")
    Validations.of(careless).add_plugins(AwsSolutionsChecks(careless))
    with pytest.raises(RuntimeError, match="AwsSolutions-SQS4"):
        careless.synth()


def test_the_shipped_settings_are_valid_and_only_watch() -> None:
    assert app.read_config(_shipped()["warden"]).guard.mode.value == "dry-run"
