import fcntl
import hashlib
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App

from functions.shared.config import WardenConfig, load_config
from stacks.part import deployed
from stacks.stage import WardenStage
from stacks.target import Target

TemplateDict = dict[str, Any]

DEPLOYED = deployed(WardenConfig())
"""The parts of a deployment with default settings."""


@dataclass(frozen=True)
class Synthesized:
    """A synthesized stack: its template, and the files that it deploys."""

    template: TemplateDict
    assembly: Path

    def of_type(self, kind: str) -> dict[str, TemplateDict]:
        """Logical id to properties of all resources of a type."""
        return {
            name: resource["Properties"]
            for name, resource in self.template["Resources"].items()
            if resource["Type"] == kind
        }

    def asset_of(self, function_name: str) -> Path:
        """The folder that holds a function's code."""
        functions = self.of_type("AWS::Lambda::Function").values()
        (found,) = (one for one in functions if one["FunctionName"] == function_name)
        return self.assembly / f"asset.{found['Code']['S3Key'].removesuffix('.zip')}"

    def layers_of(self, function_name: str) -> list[Path]:
        """The folders that hold a function's layers."""
        functions = self.of_type("AWS::Lambda::Function").values()
        (found,) = (one for one in functions if one["FunctionName"] == function_name)
        layers = self.of_type("AWS::Lambda::LayerVersion")
        return [
            self.assembly / f"asset.{layers[layer['Ref']]['Content']['S3Key'].removesuffix('.zip')}"
            for layer in found["Layers"]
        ]


Synthesize = Callable[..., Synthesized]


@pytest.fixture(scope="session")
def synthesize(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Synthesize:
    """Synthesize the whole stack with some settings; equal requests share one synthesis.

    So do the processes that share the tests. Assets are copied where a test asks for them only:
    they are tens of megabytes.
    """
    base = tmp_path_factory.getbasetemp()
    shared = (base.parent if hasattr(request.config, "workerinput") else base) / "synthesized"
    made: dict[str, Synthesized] = {}

    def run(settings: object = None, target: str = "aws", *, assets: bool = False) -> Synthesized:
        key = hashlib.sha256(json.dumps([settings, target, assets]).encode()).hexdigest()[:16]
        if key not in made:
            shared.mkdir(exist_ok=True)
            made[key] = _kept(shared / key, load_config(settings), Target.named(target), assets)
        return made[key]

    return run


def _kept(folder: Path, config: WardenConfig, target: Target, assets: bool) -> Synthesized:
    """What another process synthesized, or is about to; else do it."""
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        template = folder / "warden.json"
        if not template.exists():
            made = _synthesize(folder, config, target, assets)
            template.write_text(json.dumps(made), encoding="utf-8")
        return Synthesized(json.loads(template.read_text(encoding="utf-8")), folder)


def _synthesize(folder: Path, config: WardenConfig, target: Target, assets: bool) -> TemplateDict:
    app = App(
        outdir=os.fspath(folder),
        analytics_reporting=False,
        tree_metadata=False,
        context={"aws:cdk:disable-asset-staging": not assets},
    )
    stage = WardenStage(app, "Warden", config=config, target=target)
    assembly = app.synth().get_nested_assembly("assembly-Warden")
    return dict(assembly.get_stack_artifact(stage.warden.artifact_id).template)


@pytest.fixture(scope="session")
def warden(synthesize: Synthesize) -> Synthesized:
    """The stack as it ships: default settings, for a real account."""
    return synthesize()


@pytest.fixture(scope="session")
def enforcing(synthesize: Synthesize) -> Synthesized:
    """The stack with the guard enforcing, and functions that it must leave alone."""
    return synthesize({"guard": {"mode": "enforce"}, "exempt_functions": ["payments", "legacy-*"]})
