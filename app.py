"""The CDK app: reads the settings of cdk.json and deploys Lambda Warden.

`cdk synth`, `cdk deploy --all`; with `-c target=local` for the embedded AWS.
"""

import json
import sys

from aws_cdk import App, Validations
from cdk_nag import AwsSolutionsChecks

from functions.shared.config import ConfigError, WardenConfig, load_config
from stacks.packaging.layers import LayerBuildError
from stacks.stage import WardenStage
from stacks.target import Target


def main() -> int:
    """Synthesize; the exit code is 1 where settings or dependencies stand in the way."""
    app = App(analytics_reporting=False)
    try:
        build(app)
    except (ConfigError, LayerBuildError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    app.synth()
    return 0


def build(app: App) -> WardenStage:
    """Put Lambda Warden, as the app's context wants it, into the app.

    Raises:
        ConfigError: A setting is wrong; the message names it.
        LayerBuildError: A dependency cannot be had for the target.
    """
    config = read_config(app.node.try_get_context("warden"))
    target = Target.named(app.node.try_get_context("target"))
    stage = WardenStage(app, "Warden", config=config, target=target)
    if target.keeps_data:  # the embedded AWS runs on this host's Python, whatever its age
        Validations.of(app).add_plugins(AwsSolutionsChecks(app))
    return stage


def read_config(block: object) -> WardenConfig:
    """Validate the `warden` block, which is JSON text when it comes from `-c warden=...`.

    Raises:
        ConfigError: It is wrong; one line for each field.
    """
    if isinstance(block, str):
        try:
            block = json.loads(block)
        except ValueError as error:
            raise ConfigError(f"context warden: no JSON: {error}") from error
    return load_config(block)


if __name__ == "__main__":
    sys.exit(main())
