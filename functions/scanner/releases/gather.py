"""Collecting the facts about the versions that are in use."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from functions.scanner import ask_lambda
from functions.scanner.facts import FunctionFacts, ReleaseFacts
from functions.scanner.releases import ask as asking
from functions.scanner.releases.release import LATEST, MOST_VERSIONS, Alias, Release, releases
from functions.shared.aws import access
from functions.shared.core.policy_document import Policy
from functions.shared.core.reading import Known, Reading, Unknown
from functions.shared.runtime.deployment import Deployment

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient

Surround = Callable[[FunctionFacts], FunctionFacts]


def in_use(
    facts: FunctionFacts,
    aliases: Reading[tuple[Alias, ...]],
    warden: Deployment,
    *,
    fresh: bool,
    surround: Surround,
) -> Reading[tuple[ReleaseFacts, ...]]:
    """What AWS says of the versions that are in use: nothing is read of their code.

    Args:
        facts: What is known of the function itself.
        aliases: Its aliases.
        warden: The deployment.
        fresh: Whether an event source was changed just now.
        surround: Adds what a version's configuration leads to.
    """
    client = warden.aws.lambda_
    provisioned = asking.provisioned(client, facts.function)
    sources = _event_sources(client).of(facts.function, fresh=fresh)
    for answer in (aliases, provisioned, sources):
        if isinstance(answer, Unknown):
            return answer
    assert isinstance(aliases, Known)  # noqa: S101 - the loop saw to it
    assert isinstance(provisioned, Known)  # noqa: S101 - likewise
    assert isinstance(sources, Known)  # noqa: S101 - likewise
    found = releases(aliases.value, provisioned=provisioned.value, sources=sources.value)
    return Known(
        tuple(
            _read(release, facts, client, surround)
            if index < MOST_VERSIONS
            else _left_out(release, facts)
            for index, release in enumerate(found)
        )
    )


def _read(
    release: Release, facts: FunctionFacts, client: "LambdaClient", surround: Surround
) -> ReleaseFacts:
    known = facts.qualified_policies
    before: Mapping[str, Reading[Policy]] = known.value if isinstance(known, Known) else {}
    qualifiers = [*release.aliases, *([] if release.version == LATEST else [release.version])]
    policies = {
        one: before[one] if one in before else access.policy(client, facts.function, one)
        for one in qualifiers
    }
    if release.version == LATEST:
        return ReleaseFacts(release, None, policies)
    configuration, _ = ask_lambda.function(client, facts.function, release.version)
    code = FunctionFacts(
        facts.function, configuration=configuration, known_layers=facts.known_layers
    )
    return ReleaseFacts(release, surround(code), policies)


def _left_out(release: Release, facts: FunctionFacts) -> ReleaseFacts:
    unknown = Unknown(f"more than {MOST_VERSIONS} versions are in use, this one was not read")
    return ReleaseFacts(release, FunctionFacts(facts.function, configuration=unknown), {})


def with_contents(
    readings: Reading[tuple[ReleaseFacts, ...]], add: Callable[[FunctionFacts], FunctionFacts]
) -> Reading[tuple[ReleaseFacts, ...]]:
    """The same with what is in the code of each version."""
    if isinstance(readings, Unknown):
        return readings
    return Known(
        tuple(replace(one, code=add(one.code)) if one.code else one for one in readings.value)
    )


@lru_cache(maxsize=4)
def _event_sources(client: "LambdaClient") -> asking.EventSources:
    return asking.EventSources(client)
