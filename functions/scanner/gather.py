"""Collecting the facts about one function, each with its own cause where it is missing."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Final

from functions.scanner import ask_lambda
from functions.scanner.advisory_data import AdvisoryData
from functions.scanner.contents import InventoryStore, read_contents
from functions.scanner.facts import Configuration, FunctionFacts
from functions.scanner.repository import Upload, Uploads, source_of
from functions.scanner.surroundings import with_code_secrets, with_surroundings
from functions.scanner.usage import artifacts, sources
from functions.scanner.vulnerabilities import match
from functions.shared.aws import access
from functions.shared.aws.clients import AwsError
from functions.shared.aws.observability import logger
from functions.shared.core.arn import FunctionArn
from functions.shared.core.packages import Inventory
from functions.shared.core.reading import Known, Reading, Unknown
from functions.shared.runtime.deployment import Deployment

if TYPE_CHECKING:
    from functions.scanner.against_repository import RepositoryDrift

_NONE: Final[Reading[list[Upload]]] = Known([])


@dataclass(frozen=True, slots=True)
class Identity:
    """What tells whether a function needs to be judged anew, for the price of two calls.

    Attributes:
        facts: Its configuration and tags.
        source: The repository it is built from, empty where it names none.
        uploads: What CI uploaded for that repository.
    """

    facts: FunctionFacts
    source: str = ""
    uploads: Reading[list[Upload]] = _NONE


def identify(function: FunctionArn, warden: Deployment) -> Identity:
    """The first facts about a function."""
    configuration, tags = ask_lambda.function(warden.aws.lambda_, function)
    facts = FunctionFacts(function, configuration=configuration, tags=tags)
    if isinstance(configuration, Unknown):
        return Identity(facts)
    known_tags = tags.value if isinstance(tags, Known) else {}
    source = source_of(function, known_tags, warden.config.scanner)
    uploads = _uploads(warden).of(source) if source else _NONE
    return Identity(facts, source, uploads)


def _uploads(warden: Deployment) -> Uploads:
    return Uploads(warden.aws.s3, warden.settings.bucket)


def outside(identity: Identity, warden: Deployment, now: datetime) -> FunctionFacts:
    """What AWS itself says about a function that was identified: nothing is read of its code."""
    facts = identity.facts
    if isinstance(facts.configuration, Unknown):
        unknown = facts.configuration
        return replace(facts, policy=unknown, urls=unknown, inventory=unknown, matches=unknown)
    client = warden.aws.lambda_
    urls = access.urls(client, facts.function)
    aliases = {url.qualifier for url in urls.value} if isinstance(urls, Known) else set()
    known = replace(
        facts,
        policy=access.policy(client, facts.function),
        qualified_policies=Known(
            {
                alias: access.policy(client, facts.function, alias)
                for alias in sorted(aliases - {""})
            }
        ),
        urls=urls,
    )
    return with_surroundings(known, warden, now)


def inside(
    facts: FunctionFacts,
    identity: Identity,
    warden: Deployment,
    advisories: AdvisoryData,
    now: datetime,
) -> FunctionFacts:
    """The same with what is in the function's code, as others wrote it.

    Whatever goes wrong with that is told of this function, and ends nothing else.

    Raises:
        ClientError: AWS could not answer now.
    """
    if isinstance(facts.configuration, Unknown):
        return facts
    try:
        return _with_contents(facts, identity, warden, advisories, now)
    except AwsError:
        raise
    except Exception as error:  # noqa: BLE001 - of contents, everything has to be expected
        logger.exception("contents not judged", extra={"function": str(facts.function)})
        unknown = Unknown(f"judging its contents failed ({type(error).__name__})")
        return replace(
            facts, inventory=unknown, matches=unknown, drift=unknown, code_secrets=unknown
        )


def _with_contents(
    facts: FunctionFacts,
    identity: Identity,
    warden: Deployment,
    advisories: AdvisoryData,
    now: datetime,
) -> FunctionFacts:
    assert isinstance(facts.configuration, Known)  # noqa: S101 - `inside` saw to it
    client = warden.aws.lambda_
    store = InventoryStore(warden.aws.s3, warden.settings.bucket)
    contents = read_contents(facts.configuration.value, client, store)
    artifacts(warden.table).remember(facts.function, contents.digests, now)
    sources(warden.table).remember(facts.function, filter(None, [identity.source]), now)
    index = advisories.index
    matches = (
        Known(match(contents.inventory.packages, index.value, advisories.exploited_flaws))
        if isinstance(index, Known)
        else index
    )
    known = replace(
        facts,
        inventory=Known(contents.inventory),
        matches=matches,
        drift=_drift(identity, contents.inventory, facts.configuration.value, advisories, warden),
    )
    return with_code_secrets(known, warden)


def _drift(
    identity: Identity,
    inventory: Inventory,
    configuration: Configuration,
    advisories: AdvisoryData,
    warden: Deployment,
) -> "Reading[RepositoryDrift | None]":
    if not identity.source:
        return Known(None)
    if isinstance(identity.uploads, Unknown):
        return identity.uploads
    # Only here, because most scans have nothing to compare with and can start without it.
    from functions.scanner.against_repository import compare_with_repository  # noqa: PLC0415

    return Known(
        compare_with_repository(
            identity.source,
            identity.uploads.value,
            _uploads(warden),
            inventory,
            runtime=configuration.runtime,
            index=advisories.index,
        )
    )
