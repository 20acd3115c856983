"""Collecting the facts about one function, each with its own cause where it is missing."""

from dataclasses import replace
from datetime import datetime

from functions.scanner import ask_lambda
from functions.scanner.advisory_data import AdvisoryData
from functions.scanner.contents import InventoryStore, read_contents
from functions.scanner.facts import FunctionFacts
from functions.scanner.usage import artifacts
from functions.scanner.vulnerabilities import match
from functions.shared.arn import FunctionArn
from functions.shared.deployment import Deployment
from functions.shared.reading import Known, Unknown


def identify(function: FunctionArn, warden: Deployment) -> FunctionFacts:
    """The first facts: the configuration and the tags, for the price of one call."""
    configuration, tags = ask_lambda.function(warden.aws.functions, function)
    return FunctionFacts(function, configuration=configuration, tags=tags)


def complete(
    facts: FunctionFacts, warden: Deployment, advisories: AdvisoryData, now: datetime
) -> FunctionFacts:
    """All other facts about a function that was identified."""
    if isinstance(facts.configuration, Unknown):
        unknown = facts.configuration
        return replace(facts, policy=unknown, urls=unknown, inventory=unknown, matches=unknown)
    client = warden.aws.functions
    store = InventoryStore(warden.aws.s3, warden.settings.bucket)
    contents = read_contents(facts.configuration.value, client, store)
    artifacts(warden.table).remember(facts.function, contents.digests, now)
    index = advisories.index
    matches = (
        Known(match(contents.inventory.packages, index.value))
        if isinstance(index, Known)
        else index
    )
    return replace(
        facts,
        policy=ask_lambda.policy(client, facts.function),
        urls=ask_lambda.urls(client, facts.function),
        inventory=Known(contents.inventory),
        matches=matches,
    )
