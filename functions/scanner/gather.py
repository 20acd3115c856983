"""Collecting the facts about one function, each with its own cause where it is missing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Final

from functions.scanner import ask_lambda
from functions.scanner.advisory_data import AdvisoryData
from functions.scanner.bundles.catalogue import Catalogue
from functions.scanner.bundles.versions import with_versions
from functions.scanner.contents import Contents, InventoryStore, read_contents
from functions.scanner.drift.markers import target_of
from functions.scanner.facts import NOT_ASKED, Configuration, FunctionFacts
from functions.scanner.releases import ask as asking
from functions.scanner.releases import gather as releases
from functions.scanner.releases.release import Alias
from functions.scanner.repository import Upload, Uploads, member_of, source_of
from functions.scanner.secrets.store import SecretsStore
from functions.scanner.surroundings import (
    from_events,
    with_code_secrets,
    with_rights,
    with_surroundings,
)
from functions.scanner.usage import artifacts, sources
from functions.scanner.vulnerabilities import match
from functions.shared.aws import access
from functions.shared.aws.clients import AwsError
from functions.shared.aws.observability import logger
from functions.shared.core.arn import FunctionArn
from functions.shared.core.packages import Inventory
from functions.shared.core.reading import Known, Reading, Unknown
from functions.shared.events.change import ChangeKind, FunctionChange
from functions.shared.runtime.deployment import Deployment

if TYPE_CHECKING:
    from functions.scanner.against_repository import Lockfiles, RepositoryDrift

_NONE: Final[Reading[list[Upload]]] = Known([])


@dataclass(frozen=True, slots=True)
class Identity:
    """What tells whether a function needs to be judged anew, for the price of three calls.

    Attributes:
        facts: Its configuration and tags.
        source: The repository it is built from, empty where it names none.
        member: The project of that repository, empty where it names none.
        uploads: What CI uploaded for that repository.
        aliases: Its aliases: what runs under its name may be another version than $LATEST.
    """

    facts: FunctionFacts
    source: str = ""
    uploads: Reading[list[Upload]] = _NONE
    aliases: Reading[tuple[Alias, ...]] = NOT_ASKED
    member: str = ""


def identify(function: FunctionArn, warden: Deployment) -> Identity:
    """The first facts about a function."""
    configuration, tags = ask_lambda.function(warden.aws.lambda_, function)
    facts = FunctionFacts(function, configuration=configuration, tags=tags)
    if isinstance(configuration, Unknown):
        return Identity(facts)
    known_tags = tags.value if isinstance(tags, Known) else {}
    source = source_of(function, known_tags, warden.config.scanner)
    uploads = _uploads(warden).of(source) if source else _NONE
    aliases = asking.aliases(warden.aws.lambda_, function)
    member = member_of(known_tags, warden.config.scanner)
    return Identity(facts, source, uploads, aliases, member)


def _uploads(warden: Deployment) -> Uploads:
    return Uploads(warden.aws.s3, warden.settings.bucket)


def outside(
    identity: Identity, warden: Deployment, now: datetime, change: FunctionChange
) -> FunctionFacts:
    """What AWS itself says about a function that was identified: nothing is read of its code.

    Args:
        identity: The function.
        warden: The deployment.
        now: The time of the look.
        change: What happened to it.
    """
    facts = identity.facts
    if isinstance(facts.configuration, Unknown):
        unknown = facts.configuration
        unread = replace(facts, policy=unknown, urls=unknown, inventory=unknown, matches=unknown)
        return from_events(unread, warden, change.at)
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
    known = with_surroundings(known, warden, now)
    in_use = releases.in_use(
        known,
        identity.aliases,
        warden,
        fresh=change.kind is ChangeKind.EVENT_SOURCE,
        surround=lambda code: with_rights(code, warden),
    )
    return replace(known, releases=in_use)


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
    sources(warden.table).remember(facts.function, filter(None, [identity.source]), now)

    configuration = facts.configuration.value
    lockfiles = _lockfiles(identity, configuration, warden)
    catalogues = _catalogues(lockfiles)

    def add(code: FunctionFacts) -> FunctionFacts:
        # Lockfiles are those of the newest deployment: other code may have been built before.
        newest = isinstance(code.configuration, Known) and (
            code.configuration.value.code_sha256 == configuration.code_sha256
        )
        return _with_code(code, warden, advisories, catalogues if newest else (), now)

    known = add(facts)
    bundles = known.bundles
    assert isinstance(bundles, Known)  # noqa: S101 - of a known configuration
    return replace(
        known,
        drift=_drift(
            lockfiles,
            bundles.value.as_read.own,
            (configuration.runtime, identity.member),
            advisories,
        ),
        releases=releases.with_contents(facts.releases, add),
    )


def _with_code(
    facts: FunctionFacts,
    warden: Deployment,
    advisories: AdvisoryData,
    catalogues: Sequence[Catalogue],
    now: datetime,
) -> FunctionFacts:
    """The same with what is in the code, of $LATEST or of another version."""
    if isinstance(facts.configuration, Unknown):
        unknown = facts.configuration
        return replace(facts, inventory=unknown, matches=unknown, code_secrets=unknown)
    contents = _contents(facts.configuration.value, warden)
    artifacts(warden.table).remember(facts.function, contents.digests, now)
    joined = with_versions(contents.inventory, catalogues)
    index = advisories.index
    matches = (
        Known(match(joined.inventory.packages, index.value, advisories.exploited_flaws))
        if isinstance(index, Known)
        else index
    )
    known = replace(
        facts, inventory=Known(joined.inventory), matches=matches, bundles=Known(joined)
    )
    return with_code_secrets(known, warden)


def _lockfiles(
    identity: Identity, configuration: Configuration, warden: Deployment
) -> "Reading[Lockfiles | None]":
    if not identity.source:
        return Known(None)
    if isinstance(identity.uploads, Unknown):
        return identity.uploads
    # Only here, because most scans have nothing to compare with and can start without it.
    from functions.scanner.against_repository import read_lockfiles  # noqa: PLC0415

    target = target_of(configuration.runtime, configuration.architecture)
    read = read_lockfiles(identity.source, identity.uploads.value, _uploads(warden), target)
    return Known(read)


def _catalogues(lockfiles: "Reading[Lockfiles | None]") -> Sequence[Catalogue]:
    """What lockfiles tell of the versions of bundled packages."""
    known = lockfiles.value if isinstance(lockfiles, Known) else None
    return known.catalogues() if known else ()


def _contents(configuration: Configuration, warden: Deployment) -> Contents:
    s3, bucket = warden.aws.s3, warden.settings.bucket
    store = InventoryStore(s3, bucket)
    if configuration.package_type == "Zip":
        return read_contents(configuration, warden.aws.lambda_, store)
    # Only here, because few functions are images.
    from functions.scanner.image_contents import read_image_contents  # noqa: PLC0415

    return read_image_contents(configuration, warden.aws.ecr, store, SecretsStore(s3, bucket))


def _drift(
    lockfiles: "Reading[Lockfiles | None]",
    inventory: Inventory,
    deployed_as: tuple[str, str],
    advisories: AdvisoryData,
) -> "Reading[RepositoryDrift | None]":
    if isinstance(lockfiles, Unknown) or lockfiles.value is None:
        return Known(None) if isinstance(lockfiles, Known) else lockfiles
    from functions.scanner.against_repository import compare_with_repository  # noqa: PLC0415 - see above

    return Known(
        compare_with_repository(
            lockfiles.value,
            inventory,
            runtime=deployed_as[0],
            member=deployed_as[1],
            index=advisories.index,
        )
    )
