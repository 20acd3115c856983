"""The CDK command line: synthesize, bootstrap, deploy."""

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from demo.deployment.assemblies import kept_assembly
from demo.local_aws import LocalAws
from demo.programs import Programs
from demo.project import CDK

_QUIET: Final = {
    "CDK_DISABLE_CLI_TELEMETRY": "1",
    "JSII_SILENCE_WARNING_DEPRECATED_NODE_VERSION": "1",
    "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "20",
    "JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION": "1",
    # cdk-nag judges what goes to a real account (`make synth`, the stack tests); here it would
    # only cost seconds.
    "CDK_VALIDATION": "false",
}
# Bootstrapping needs no template of ours; without this option the CLI would synthesize once more.
_NO_APP: Final = ("--app", "")


@dataclass(frozen=True, slots=True)
class Cdk:
    """The CDK command line of the checkout, at work in one folder.

    Attributes:
        programs: Where its processes are kept track of.
        folder: For its output and logs.
    """

    programs: Programs
    folder: Path

    def synth(self, warden: Mapping[str, Any]) -> Path:
        """Synthesize the app for the local target, unless that was done before; needs no AWS.

        Returns:
            The synthesized app.

        Raises:
            ProgramFailedError: See its message.
        """
        block = json.dumps(warden)
        return kept_assembly(block, lambda into: self._synth(block, into))

    def _synth(self, warden: str, into: Path) -> None:
        context = ["--context", "target=local", "--context", f"warden={warden}"]
        environment = {**_without_aws(self.folder), **_QUIET, "PATH": _path()}
        command = [str(CDK), "synth", "--quiet", *context, "--output", str(into), "**"]
        self.programs.run(command, environment, self.folder / "cdk-synth.log")

    def bootstrap(self, aws: LocalAws) -> None:
        """Make the resources that every CDK deployment needs.

        Raises:
            ProgramFailedError: See its message.
        """
        command = [str(CDK), "bootstrap", f"aws://{aws.account}/{aws.region}", *_NO_APP]
        self.programs.run(command, _environment(aws), self.folder / "cdk-bootstrap.log")

    def deploy(self, aws: LocalAws, assembly: Path) -> dict[str, str]:
        """Deploy a synthesized app, and return the stack's outputs by name.

        Raises:
            ProgramFailedError: See its message.
        """
        outputs = self.folder / "outputs.json"
        options = ["--require-approval", "never", "--progress", "events", "--method", "direct"]
        options += ["--asset-parallelism", "true", "--outputs-file", str(outputs)]
        command = [str(CDK), "deploy", "--app", str(assembly), "**", *options]
        self.programs.run(command, _environment(aws), self.folder / "cdk-deploy.log")
        stacks: dict[str, dict[str, str]] = json.loads(outputs.read_text(encoding="utf-8"))
        return {name: value for stack in stacks.values() for name, value in stack.items()}


def _environment(aws: LocalAws) -> dict[str, str]:
    return {**aws.process_environment(), **_QUIET, "PATH": _path()}


def _without_aws(folder: Path) -> dict[str, str]:
    """Our environment without credentials, so that nobody is asked which account they open."""
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("AWS_")},
        "AWS_CONFIG_FILE": str(folder / "no-config"),
        "AWS_SHARED_CREDENTIALS_FILE": str(folder / "no-credentials"),
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def _path() -> str:
    """The program path with our own Python first: cdk.json starts the app as `python3`."""
    return os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
