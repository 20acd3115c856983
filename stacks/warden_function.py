"""One of Warden's functions with everything that all of them have in common."""

from typing import Final, cast

from aws_cdk import Acknowledgment, Aws, Duration, RemovalPolicy, Size, Stack, Validations
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_destinations as destinations
from aws_cdk import aws_lambda_event_sources as sources
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from functions.shared.config import ConfigError, WardenConfig
from stacks.dependency_layers import layers_of
from stacks.packaging.asset import function_code
from stacks.part import Part, handler_of, is_traced
from stacks.permissions.places import Places
from stacks.permissions.policy import explain_wildcards, policy_document
from stacks.permissions.table import grants
from stacks.reach import Reach
from stacks.target import Target
from stacks.work_queue import WorkQueue

_LONGEST_CONFIG: Final = 2500
"""Bytes. Lambda allows 4 KB of environment in all; the rest is for the other variables."""


class WardenFunction(Construct):
    """A function with its code, layers, log group, tracing, settings, and a role of its own.

    The role says what the permission table says for this function. Nothing else can add to it:
    grants that CDK derives from event sources, tracing or destinations are not taken over.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,  # noqa: A002 - CDK's own name for it
        *,
        part: Part,
        description: str,
        config: WardenConfig,
        target: Target,
        reach: Reach,
        memory_mib: int,
        timeout: Duration,
        scratch_mib: int = 512,
        recursive_loop: lambda_.RecursiveLoop | None = None,
    ) -> None:
        """Make the function.

        Args:
            scope: Parent construct.
            id: Name within the parent.
            part: Which of Warden's functions it is.
            description: What it does, for the console.
            config: The `warden` block; the function receives it.
            target: Where it runs.
            reach: What it works with.
            memory_mib: Memory, and with it the share of a processor.
            timeout: Longest run.
            scratch_mib: Room in /tmp.
            recursive_loop: Whether Lambda may stop it when its own messages come back to it.

        Raises:
            ConfigError: The `warden` block is too long for a function's environment.
        """
        super().__init__(scope, id)
        self.part, self.memory_mib = part, memory_mib
        self._most_at_once = target.at_once
        name = part.function_name(config.name_prefix)
        log_group = logs.LogGroup(
            self,
            "Log",
            log_group_name=f"/aws/lambda/{name}",
            removal_policy=RemovalPolicy.DESTROY,
        )
        # The construct takes names of its own for days; the resource takes the days themselves.
        resource = cast("logs.CfnLogGroup", log_group.node.default_child)
        resource.retention_in_days = config.log_retention_days
        stack = Stack.of(self).stack_name
        places = Places(
            prefix=config.name_prefix,
            log_group=log_group.log_group_arn,
            stack=stack,
            **reach.places,  # type: ignore[arg-type] # the dataclass names and checks them
        )
        self.role = _role(self, part, config, places)
        self.function = lambda_.Function(
            self,
            "Function",
            function_name=name,
            description=description,
            runtime=target.runtime,
            architecture=target.architecture,
            handler=handler_of(part),
            code=function_code(part),
            layers=layers_of(self, part, target),
            role=self.role.without_policy_updates(),
            memory_size=memory_mib,
            timeout=timeout,
            ephemeral_storage_size=Size.mebibytes(scratch_mib),
            tracing=_TRACING[is_traced(part, config)],
            log_group=log_group,
            recursive_loop=recursive_loop,
            environment={
                "WARDEN_CONFIG": _as_variable(config),
                "WARDEN_ACCOUNT": Aws.ACCOUNT_ID,
                "WARDEN_STACK": stack,
                "POWERTOOLS_SERVICE_NAME": part.value,
                # The dashboard is drawn from lines of this level.
                "POWERTOOLS_LOG_LEVEL": "INFO",
                **reach.environment,
            },
        )
        Validations.of(self.function).acknowledge(
            Acknowledgment(
                id="AwsSolutions-L1",
                reason="Lambda supports Python 3.13 as long as 3.14, until 2029-06-30, and the "
                "older one is the better proven.",
            )
        )

    def consume(self, queue: WorkQueue, *, at_once: int, batch: int = 10) -> None:
        """Take messages from a queue, each failing or succeeding on its own.

        Args:
            queue: The function's own queue.
            at_once: Most invocations at the same time; protects the API limits of the account.
            batch: Most messages of one invocation; one, where each is the work of seconds.
        """
        self.function.add_event_source(
            sources.SqsEventSource(
                queue.queue,
                batch_size=batch,
                max_concurrency=min(at_once, self._most_at_once or at_once),
                report_batch_item_failures=True,
            )
        )

    def keep_failed_calls(self, queue: sqs.IQueue) -> None:
        """Send asynchronous calls that failed three times to a queue instead of losing them."""
        self.function.configure_async_invoke(
            on_failure=destinations.SqsDestination(queue),
            retry_attempts=2,
            max_event_age=Duration.hours(1),
        )


_TRACING: Final = {True: lambda_.Tracing.ACTIVE, False: lambda_.Tracing.PASS_THROUGH}


def _role(scope: Construct, part: Part, config: WardenConfig, places: Places) -> iam.Role:
    statements = grants(part, config)
    role = iam.Role(
        scope,
        "Role",
        description=f"What Lambda Warden's {part.value} may do; see docs/permissions.md",
        assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
        inline_policies={"Permissions": policy_document(statements, places)},
    )
    explain_wildcards(role, statements, places)
    return role


def _as_variable(config: WardenConfig) -> str:
    text = config.model_dump_json(exclude_defaults=True)
    if len(text.encode()) > _LONGEST_CONFIG:
        raise ConfigError(
            f"cdk.json, wrong settings:\n  warden: {len(text.encode())} bytes; a function's "
            f"environment has room for {_LONGEST_CONFIG}. Shorten the lists, for example with "
            "prefixes such as 'legacy-*' in exempt_functions"
        )
    return text
