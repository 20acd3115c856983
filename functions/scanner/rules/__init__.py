"""What the scanner holds a function to: one rule a file, registered here explicitly."""

from collections.abc import Callable
from typing import Final, TypeAlias

from functions.scanner.facts import FunctionFacts, Setting
from functions.scanner.rules import (
    administrator_role,
    deployment_drift,
    foreign_access,
    no_failure_destination,
    open_function_url,
    permissive_cors,
    retired_runtime,
    secrets_in_code,
    secrets_in_environment,
    shared_role,
    tracing_off,
    unfamiliar_deployer,
    unread_contents,
    unread_function,
    vulnerable_package,
    world_open_policy,
)
from functions.shared.alerting.finding import Verdict

Rule: TypeAlias = Callable[[FunctionFacts, Setting], Verdict]

# Rules that can be applied to what an event states about a function that cannot be read.
STATED_RULES: Final[tuple[Rule, ...]] = (
    world_open_policy.check,
    open_function_url.check,
    permissive_cors.check,
    foreign_access.check,
    retired_runtime.check,
)

RULES: Final[tuple[Rule, ...]] = (
    *STATED_RULES,
    administrator_role.check,
    secrets_in_environment.check,
    secrets_in_code.check,
    unfamiliar_deployer.check,
    no_failure_destination.check,
    shared_role.check,
    tracing_off.check,
    vulnerable_package.check,
    deployment_drift.check,
    unread_contents.check,
    unread_function.check,
)
