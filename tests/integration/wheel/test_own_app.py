"""A CDK app that has packages of the same names as ours installs the wheel, and deploys Warden."""

import json
import os
import textwrap
from pathlib import Path
from typing import Final

from demo.deployment.cdk import Cdk
from demo.local_aws import LocalAws
from demo.programs import Programs
from tests.integration.wheel.installation import Environment, install

_FILES: Final = {
    "functions/__init__.py": "",
    "functions/orders.py": 'NAME = "orders"\n',
    "stacks/__init__.py": "",
    "stacks/platform.py": """
        from aws_cdk import CfnOutput, Stack
        from lambda_warden.constructs import (
            Alerting, ArtifactBucket, ChangeFeed, StateTable, Sweep, TagEnforcer, Target,
        )
        from lambda_warden.settings import WardenConfig

        from functions.orders import NAME


        class Platform(Stack):
            def __init__(self, scope, id):
                super().__init__(scope, id)
                config = WardenConfig(name_prefix="acme-watch", owner="platform")
                target = Target.local()
                alerting = Alerting(
                    self, "Alerting", config=config, target=target,
                    state=StateTable(self, "State", target=target),
                    artifacts=ArtifactBucket(self, "Artifacts", target=target),
                )
                tags = TagEnforcer(self, "Tags", config=config, target=target, alerting=alerting)
                ChangeFeed(self, "Changes", changes_to=[tags.queue], own=[tags.function])
                CfnOutput(self, "Function", value=tags.function.function.function_name)
                CfnOutput(self, "Own", value=NAME)
    """,
    "app.py": """
        from aws_cdk import App

        from stacks.platform import Platform

        app = App()
        Platform(app, "Platform")
        app.synth()
    """,
}


def write_app(folder: Path) -> None:
    for name, text in _FILES.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(textwrap.dedent(text), encoding="utf-8")


def synthesize(environment: Environment, app: Path, into: Path, cache: Path) -> None:
    """Run the app with its own packages first, as `python app.py` does."""
    done = environment.run(
        *("python", "app.py"),
        cwd=app,
        environment={
            **{name: value for name, value in os.environ.items() if name not in _OURS},
            "CDK_OUTDIR": str(into),
            "CDK_VALIDATION": "false",
            "XDG_CACHE_HOME": str(cache),
        },
    )
    assert done.returncode == 0, done.stderr


_OURS: Final = ("PYTHONPATH", "VIRTUAL_ENV")


def test_it_synthesizes_and_deploys(wheel: Path, tmp_path: Path) -> None:
    environment = install(wheel, tmp_path / "environment", "cdk")
    write_app(tmp_path / "app")
    with Programs() as programs:
        cdk = Cdk(programs, tmp_path)
        assembly = tmp_path / "cdk.out"
        synthesize(environment, tmp_path / "app", assembly, tmp_path / "cache")
        with LocalAws.start(tmp_path / "aws", enforce_iam=True) as aws:
            cdk.bootstrap(aws)
            outputs = cdk.deploy(aws, assembly)
            assert outputs["Own"] == "orders"
            answer = aws.client("lambda").invoke(
                FunctionName=outputs["Function"], Payload=json.dumps({"Records": []}).encode()
            )
            said = answer["Payload"].read()
            assert "FunctionError" not in answer, said
            assert json.loads(said) == {"batchItemFailures": []}
