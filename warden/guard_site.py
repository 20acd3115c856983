"""The guard of a deployment, for a person at a shell with credentials of their own.

Only the state table and Lambda's API are needed. The table is named by its option, by the
environment of a function, or by the stack's outputs; nothing else of Warden has to be well.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from functions.guard.guard import Guard
from functions.shared.aws.clients import Aws, AwsError, error_code
from functions.shared.aws.settings import Settings
from functions.shared.config import WardenConfig, load_config
from functions.shared.runtime.deployment import Deployment


class NoDeploymentError(RuntimeError):
    """The deployment cannot be found; the message says how to name it."""


@dataclass(frozen=True, slots=True)
class Named:
    """What a person may say about the deployment; empty where they leave it to us.

    Attributes:
        region: The region.
        table: Name of the state table.
        stack: Name of the stack, whose outputs name table and topic; the prefix by default.
        config: The file with the `warden` block.
    """

    region: str = ""
    table: str = ""
    stack: str = ""
    config: Path = Path("cdk.json")


def find_guard(named: Named) -> Guard:
    """The guard of the deployment that a person named.

    Raises:
        NoDeploymentError: See there.
        ConfigError: The `warden` block is wrong.
    """
    config = _config(named.config)
    aws = Aws.from_shell(named.region)
    if not aws.region:
        raise NoDeploymentError("region: unknown; set AWS_REGION or use --region")
    outputs = _outputs(aws, named.stack or config.name_prefix)
    table = named.table or outputs.get("StateTableName", "")
    if not table:
        raise NoDeploymentError(
            f"no outputs of stack {named.stack or config.name_prefix!r} in {aws.region}; "
            "name the state table with --table"
        )
    settings = Settings(
        config=config,
        account=_account(aws, outputs.get("AlertTopicArn", "")),
        region=aws.region,
        table=table,
        topic_arn=outputs.get("AlertTopicArn", ""),
    )
    return Guard(Deployment(settings, aws))


def who(aws: Aws) -> str:
    """Who we are, for the audit trail; `a person at a shell` where AWS does not say."""
    try:
        return str(aws.sts.get_caller_identity()["Arn"])
    except AwsError:
        return "a person at a shell"


def _config(file: Path) -> WardenConfig:
    if not file.is_file():
        return WardenConfig()
    document: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return load_config(document.get("context", {}).get("warden"))


def _outputs(aws: Aws, stack: str) -> dict[str, str]:
    """The stack's outputs; none where CloudFormation is of no help, which --table makes up for."""
    try:
        stacks = aws.cloudformation.describe_stacks(StackName=stack)["Stacks"]
    except AwsError:
        return {}
    return {
        one.get("OutputKey", ""): one.get("OutputValue", "")
        for found in stacks
        for one in found.get("Outputs", [])
    }


def _account(aws: Aws, topic: str) -> str:
    if topic:
        return topic.split(":")[4]
    try:
        return aws.sts.get_caller_identity()["Account"]
    except AwsError as error:
        raise NoDeploymentError(f"account: AWS does not say ({error_code(error)})") from error
