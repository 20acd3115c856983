"""One deployment of Lambda Warden: an account and a region."""

from typing import Any

from aws_cdk import Stage
from constructs import Construct

from functions.shared.config import WardenConfig
from stacks.target import Target
from stacks.warden_stack import WardenStack


class WardenStage(Stage):
    """The stacks that are deployed together; make one for each account and region.

    Attributes:
        warden: The stack, named after `config.name_prefix`.
    """

    # CDK's own options (env, permissions boundary, ...) are passed on as they are.
    def __init__(
        self,
        scope: Construct,
        id: str,  # noqa: A002 - CDK's own name for it
        *,
        config: WardenConfig,
        target: Target | None = None,
        **options: Any,
    ) -> None:
        """Make the stacks.

        Args:
            scope: Parent construct.
            id: Name within the parent.
            config: The `warden` block.
            target: Where it runs; a real account where none is given.
            options: Options of `aws_cdk.Stage`, such as `env`.

        Raises:
            ConfigError: A setting cannot be deployed.
        """
        super().__init__(scope, id, **options)
        self.warden = WardenStack(
            self, "Warden", config=config, target=target, stack_name=config.name_prefix
        )
