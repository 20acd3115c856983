"""Finding the deployment that the commands are about: its stack says where everything is."""

from collections.abc import Mapping
from typing import Any, Final

import click
from pydantic import ValidationError

from functions.shared.aws.clients import Aws, ClientError, ask
from functions.shared.aws.settings import Settings
from functions.shared.config import WardenConfig
from functions.shared.core.reading import Known, Reading, Unknown
from functions.shared.core.text import plain
from functions.shared.runtime.deployment import Deployment
from warden.failure import NoAnswerError, NoSuchStackError

_SWEEP: Final = "-sweep"
_OUTPUTS: Final = (
    "StateTableName",
    "BucketName",
    "AlertTopicArn",
    "NotifierQueueUrl",
    "SweepFunctionName",
)


def open_site(aws: Aws, stack: str) -> Deployment:
    """Find a deployment by its stack.

    Args:
        aws: Clients for the region to look in.
        stack: Name of the stack.

    Raises:
        NoSuchStackError: There is no such stack.
        NoAnswerError: It is of another version.
        ClientError: AWS refused.
        BotoCoreError: AWS could not be asked.
    """
    settings = as_settings(_describe(aws, stack), region=aws.region)
    config = _deployed_config(aws, f"{settings.config.name_prefix}{_SWEEP}")
    if isinstance(config, Unknown):
        click.echo(f"Going by the default settings: {config.cause}.", err=True)
        return Deployment(settings, aws)
    return Deployment(settings.model_copy(update={"config": config.value}), aws)


def as_settings(stack: Mapping[str, Any], *, region: str) -> Settings:
    """Read a stack as CloudFormation describes it; all but the prefix of names is default config.

    Raises:
        NoAnswerError: It is no deployment of Warden, or of another version.
    """
    outputs = {one["OutputKey"]: one["OutputValue"] for one in stack.get("Outputs", [])}
    if missing := [name for name in _OUTPUTS if name not in outputs]:
        raise NoAnswerError(
            f"The stack {plain(stack['StackName'])} lacks the output {missing[0]}: it is not "
            "Lambda Warden, or of an older version. Deploy it anew, or name the right one with "
            "--stack."
        )
    return Settings(
        config=WardenConfig(name_prefix=outputs["SweepFunctionName"].removesuffix(_SWEEP)),
        account=stack["StackId"].split(":")[4],
        region=region,
        stack=str(stack["StackName"]),
        table=outputs["StateTableName"],
        bucket=outputs["BucketName"],
        topic_arn=outputs["AlertTopicArn"],
        notifier_queue_url=outputs["NotifierQueueUrl"],
    )


def _describe(aws: Aws, stack: str) -> Mapping[str, Any]:
    try:
        stacks = aws.cloudformation.describe_stacks(StackName=stack)["Stacks"]
    except ClientError as error:
        if "does not exist" not in str(error):
            raise
        raise NoSuchStackError(
            f"There is no stack {plain(stack)} in {aws.region}. Deploy it with `make deploy`, or "
            "name another with --stack, --region or --profile."
        ) from error
    return stacks[0]


def _deployed_config(aws: Aws, function: str) -> Reading[WardenConfig]:
    """The settings that are deployed: every function of Warden has them in a variable."""
    what = "reading the deployed settings"
    answer = ask(what, lambda: aws.lambda_.get_function_configuration(FunctionName=function))
    if isinstance(answer, Unknown):
        return answer
    variables = answer.value.get("Environment", {}).get("Variables", {})
    try:
        return Known(WardenConfig.model_validate_json(variables.get("WARDEN_CONFIG", "")))
    except ValidationError:
        return Unknown(f"{what}: they are of another version")
