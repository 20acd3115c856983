"""What new advisories mean for what is deployed: stored inventories are matched, no code is read.

A published index is announced once. The announcement is split into pages of inventories, and each
inventory with changes sends its functions to be looked at again, which costs one call for each.
"""

import tempfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, ConfigDict

from functions.scanner.advisory_data import advisory_data
from functions.scanner.contents import InventoryStore
from functions.scanner.usage import artifacts
from functions.scanner.vulnerabilities import Knowledge, rematch
from functions.shared.advisories.exploited import NONE_KNOWN, ExploitedFlaws
from functions.shared.advisories.index import AdvisoryIndex, AdvisoryIndexError
from functions.shared.advisories.published import (
    PREFIX,
    IndexStore,
    Published,
    PublishedIndexError,
)
from functions.shared.aws.observability import logger
from functions.shared.aws.queue import enqueue
from functions.shared.core.arn import FunctionArn
from functions.shared.core.batches import batches
from functions.shared.core.packages import Package
from functions.shared.core.reading import Known
from functions.shared.core.text import plain
from functions.shared.events.envelope import own_message, validated
from functions.shared.events.message_types import MessageType
from functions.shared.events.read import observation
from functions.shared.runtime.deployment import Deployment

_INVENTORIES_PER_PAGE: Final = 100


class PageDetail(BaseModel):
    """What a page message carries.

    Attributes:
        digests: Inventories to match anew.
    """

    model_config = ConfigDict(frozen=True)

    digests: list[str]


def hand_out(warden: Deployment) -> int:
    """Enqueue a page message for every group of stored inventories; returns how many there are."""
    store = InventoryStore(warden.aws.s3, warden.settings.bucket)
    count = 0
    for digests in batches(store.digests(), _INVENTORIES_PER_PAGE):
        page = own_message(MessageType.REMATCH_PAGE, {"digests": digests})
        enqueue(page, settings=warden.settings, sqs=warden.aws.sqs)
        count += len(digests)
    logger.info("rematch handed out", extra={"inventories": count})
    return count


def rematch_page(detail: Mapping[str, Any], warden: Deployment, now: datetime) -> list[FunctionArn]:
    """Match the inventories of a page with the newest and the previous index.

    Returns:
        The functions that were sent to be looked at again.

    Raises:
        MalformedEventError: The message is no page.
        ClientError: AWS could not answer now; deliver the page again.
    """
    page = validated(PageDetail, detail, "a rematch page")
    advisories = advisory_data(warden)
    if not isinstance(advisories.index, Known):
        logger.warning("nothing to rematch with", extra={"cause": advisories.index.cause})
        return []
    newest = Knowledge(advisories.index.value, advisories.exploited_flaws)
    store = InventoryStore(warden.aws.s3, warden.settings.bucket)
    usage = artifacts(warden.table)
    previous = _previous(warden)
    affected: dict[FunctionArn, None] = {}
    try:
        for digest in page.digests:
            inventory = store.get(digest)
            if inventory and _has_changes(inventory.packages, previous, newest):
                affected.update(dict.fromkeys(usage.functions(digest)))
    finally:
        if previous:
            previous.index.close()
    for function in affected:
        enqueue(observation(function, now), settings=warden.settings, sqs=warden.aws.sqs)
    logger.info(
        "inventories rematched", extra={"count": len(page.digests), "functions": len(affected)}
    )
    return list(affected)


def _has_changes(
    packages: Sequence[Package], previous: Knowledge | None, newest: Knowledge
) -> bool:
    """Without the previous index everything may be new; the alert book sorts that out."""
    return previous is None or bool(rematch(packages, previous, newest))


def _previous(warden: Deployment) -> Knowledge | None:
    store = IndexStore(warden.aws.s3, warden.settings.bucket, PREFIX)
    folder = Path(tempfile.gettempdir()) / "previous-advisories"
    try:
        published = store.newest()
        if published is None or published.previous is None:
            return None
        index = AdvisoryIndex.open(store.download(published.previous, folder))
    except (PublishedIndexError, AdvisoryIndexError) as error:
        logger.warning("previous index unusable", extra={"cause": plain(error, 200)})
        return None
    return Knowledge(index, _exploited_before(published, store))


def _exploited_before(published: Published, store: IndexStore) -> ExploitedFlaws:
    """Without the previous list every exploited flaw may be new; the alert book sorts that out."""
    if published.previous_exploited is None:
        return NONE_KNOWN
    try:
        return store.exploited(published.previous_exploited)
    except PublishedIndexError as error:
        logger.warning("previous list unusable", extra={"cause": plain(error, 200)})
        return NONE_KNOWN
