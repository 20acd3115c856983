"""What surrounds a function: its role, its credentials, its deployers, where failed events go."""

from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from functions.scanner.ask_iam import RoleReader
from functions.scanner.code_secrets import deployed_secrets
from functions.scanner.exposure.callers import Home
from functions.scanner.exposure.openings import Who, openings
from functions.scanner.facts import NOT_ASKED, Configuration, FunctionFacts
from functions.scanner.failure_handling import ask_failure_handling
from functions.scanner.memory import ScanMemory
from functions.scanner.secrets.detector import DetectionError
from functions.scanner.secrets.found import CodeSecrets, SecretVariable
from functions.scanner.secrets.store import SecretsStore
from functions.scanner.secrets.variables import secret_variables
from functions.shared.core.reading import Known, Reading, Unknown
from functions.shared.runtime.deployment import Deployment

if TYPE_CHECKING:
    from mypy_boto3_iam import IAMClient


def with_surroundings(facts: FunctionFacts, warden: Deployment, now: datetime) -> FunctionFacts:
    """Add what surrounds a function whose configuration is known, and remember this look."""
    if isinstance(facts.configuration, Unknown):
        return facts
    configuration = facts.configuration.value
    client, role = warden.aws.lambda_, configuration.role
    memory = ScanMemory(warden.table)
    layers = [arn.rpartition(":")[0] for arn in configuration.layers]
    recalled = memory.look(
        facts.function, layers, role, now, accounts=_foreign_accounts(facts, warden, now)
    )
    return replace(
        with_rights(facts, warden),
        role_users=Known(memory.users_of(role)),
        failure_handling=ask_failure_handling(client, facts.function),
        known_layers=Known(recalled.layers or frozenset()),
        known_accounts=NOT_ASKED if recalled.accounts is None else Known(recalled.accounts),
        deployers=Known(recalled.deployers),
    )


def from_events(facts: FunctionFacts, warden: Deployment, at: datetime) -> FunctionFacts:
    """Add what events alone told of a function that cannot be read.

    Of one with a past, a layer or an account that an event names and nothing knew before was added.

    Args:
        facts: What is known of it.
        warden: The deployment.
        at: When the change happened that is looked at.
    """
    recalled = ScanMemory(warden.table).recall(facts.function)
    has_past = any(one.first_at < at for one in recalled.deployers)
    nothing = frozenset[str]() if has_past else None
    layers = nothing if recalled.layers is None else recalled.layers
    accounts = nothing if recalled.accounts is None else recalled.accounts
    return replace(
        facts,
        known_layers=NOT_ASKED if layers is None else Known(layers),
        known_accounts=NOT_ASKED if accounts is None else Known(accounts),
        deployers=Known(recalled.deployers) if recalled.deployers else NOT_ASKED,
    )


def _foreign_accounts(
    facts: FunctionFacts, warden: Deployment, now: datetime
) -> tuple[str, ...] | None:
    if isinstance(facts.policy, Unknown):
        return None
    home = Home(facts.function, now)
    found = openings(facts.policy.value, home, warden.config.scanner.trusted_accounts)
    return tuple(one.name for one in found.of(Who.ACCOUNT))


def with_rights(facts: FunctionFacts, warden: Deployment) -> FunctionFacts:
    """Add what a configuration holds and allows, of the function or of one of its versions.

    The values of its environment variables end here: only names and kinds go on.
    """
    if isinstance(facts.configuration, Unknown):
        return facts
    configuration = facts.configuration.value
    role = configuration.role
    return replace(
        facts,
        configuration=Known(replace(configuration, variables=NOT_ASKED)),
        secret_variables=_judged(configuration),
        role_rights=_roles(warden.aws.iam).rights(role) if role else Known(()),
    )


def with_code_secrets(facts: FunctionFacts, warden: Deployment) -> FunctionFacts:
    """Add where credentials stand in the code of a function whose inventory was read."""
    if isinstance(facts.configuration, Unknown):
        return facts
    found = CodeSecrets(complete=False)
    if not _is_out_of_reach(facts):
        store = SecretsStore(warden.aws.s3, warden.settings.bucket)
        account = facts.function.account
        found = deployed_secrets(facts.configuration.value, account, warden.aws.lambda_, store)
    return replace(facts, code_secrets=Known(found))


def _is_out_of_reach(facts: FunctionFacts) -> bool:
    """Whether reading for the inventory just failed: another would, after long waits."""
    return isinstance(facts.inventory, Known) and any(
        problem.code in {"download-failed", "reading-ended"}
        for problem in facts.inventory.value.problems
    )


def _judged(configuration: Configuration) -> Reading[tuple[SecretVariable, ...]]:
    if isinstance(configuration.variables, Unknown):
        return configuration.variables
    try:
        return Known(secret_variables(configuration.variables.value))
    except DetectionError as error:
        return Unknown(f"searching the environment for credentials: {error}")


@lru_cache(maxsize=4)
def _roles(client: "IAMClient") -> RoleReader:
    return RoleReader(client)
