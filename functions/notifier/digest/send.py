"""Sending digests: each once for each owner and place, and none lost.

They leave through the outbox, like every message to people: an outage of SNS delays them.
"""

import json
from datetime import datetime

from functions.notifier.channels.every import Channels
from functions.notifier.channels.topics import CHAT, Outgoing, Topics
from functions.notifier.digest.compose import Situation, digests
from functions.notifier.digest.contents import Digest
from functions.notifier.digest.destination import route_of
from functions.notifier.digest.ledger import DigestLedger
from functions.notifier.digest.mail import subject
from functions.notifier.digest.message import attributes, body
from functions.notifier.digest.schedule import Edition, edition_due
from functions.notifier.digest.short import chat
from functions.shared.alerting.formats import console
from functions.shared.aws.observability import logger
from functions.shared.core.report_keys import LATEST
from functions.shared.cost.read import own_cost
from functions.shared.runtime.deployment import Deployment


def send_digests(warden: Deployment, now: datetime) -> int:
    """Write the digests of the period that fell due last, unless that was done, and send them.

    Returns:
        How many messages were written.

    Raises:
        ClientError: The table did not answer; deliver the message again.
    """
    edition = edition_due(warden.config.notifications, now)
    if edition:
        DigestLedger(warden.table).open(edition, now)
    return resume_digests(warden, now)


def resume_digests(warden: Deployment, now: datetime) -> int:
    """Write what is left of periods that were begun; where nothing is left, that costs one read.

    Returns:
        How many messages were written.

    Raises:
        ClientError: The table did not answer; what was not written is left for the next call.
    """
    ledger = DigestLedger(warden.table)
    topics = Channels.of(warden).topics
    written = sum(_write(one, ledger, topics, warden, now) for one in ledger.unfinished())
    if written:
        warden.nudge()
    return written


def _write(
    edition: Edition, ledger: DigestLedger, topics: Topics, warden: Deployment, now: datetime
) -> int:
    written = 0
    for digest in digests(_situation(edition, warden, now)):
        route = route_of(digest.addressee, warden.config.notifications.routes)
        for place in topics.places(route):
            outgoing = _outgoing(digest, place, topics)
            written += ledger.write(edition, digest.owner, outgoing, now)
    ledger.finish(edition)
    logger.info("digests written", extra={"edition": edition.id, "messages": written})
    return written


def _situation(edition: Edition, warden: Deployment, now: datetime) -> Situation:
    period, settings = edition.period, warden.settings
    return Situation(
        edition=edition,
        now=now,
        account=settings.account,
        region=settings.region,
        platform=warden.config.owner,
        alerts=warden.stored_alerts.current(),
        waivers=warden.mutes.waivers(),
        silences=warden.mutes.silences(),
        bill=own_cost(warden, period.start, period.end),
        report=_report(warden),
    )


def _report(warden: Deployment) -> str:
    if not warden.config.report.daily:
        return ""
    reporter = warden.own_function("reporter")
    if not console.has_console(reporter.partition):
        return f"s3://{warden.settings.bucket}/{LATEST}"
    return console.object_page(reporter, warden.settings.bucket, LATEST)


def _outgoing(digest: Digest, place: str, topics: Topics) -> Outgoing:
    topic, marks = topics.address(place), attributes(digest)
    if place == CHAT:
        return Outgoing(topic, json.dumps(chat(digest), ensure_ascii=False), marks)
    return Outgoing(topic, body(digest), marks, subject=subject(digest))
