"""Sending digests: each once for each owner and place, and none lost."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Final

from functions.notifier.digest.compose import Situation, digests
from functions.notifier.digest.contents import Digest
from functions.notifier.digest.destination import CHAT, topic_of
from functions.notifier.digest.ledger import Claim, DigestLedger
from functions.notifier.digest.mail import subject
from functions.notifier.digest.message import attributes, body
from functions.notifier.digest.schedule import Edition, edition_due
from functions.notifier.digest.short import chat
from functions.shared.aws import AwsError, error_code
from functions.shared.deployment import Deployment
from functions.shared.observability import logger
from functions.shared.own_cost.read import own_cost
from functions.shared.report_place import console_address

if TYPE_CHECKING:
    from mypy_boto3_sns.type_defs import MessageAttributeValueTypeDef

_MAIN: Final = "#main"


class DigestsUnsentError(RuntimeError):
    """Some digests could not be sent; the others were, and the rest is tried again."""


def send_digests(warden: Deployment, now: datetime) -> int:
    """Send the digests of the period that fell due last, unless they are sent.

    Returns:
        How many messages were sent.

    Raises:
        DigestsUnsentError: SNS did not take some; deliver the message again.
        ClientError: The table did not answer.
    """
    edition = edition_due(warden.config.notifications, now)
    if edition:
        DigestLedger(warden.table).open(edition, now)
    return resume_digests(warden, now)


def resume_digests(warden: Deployment, now: datetime) -> int:
    """Send what is left of periods that were begun; one read where nothing is.

    Returns:
        How many messages were sent.

    Raises:
        DigestsUnsentError: SNS still did not take some.
        ClientError: The table did not answer.
    """
    ledger = DigestLedger(warden.table)
    sent = 0
    failed: list[str] = []
    for edition in ledger.unfinished():
        sent += _send(edition, ledger, warden, now, failed)
    if failed:
        raise DigestsUnsentError(f"{len(failed)} digests not sent: {sorted(set(failed))}")
    return sent


def _send(
    edition: Edition, ledger: DigestLedger, warden: Deployment, now: datetime, failed: list[str]
) -> int:
    sent = waiting = 0
    for digest in digests(_situation(edition, warden, now)):
        for place in _places(digest, warden):
            claim = ledger.claim(edition, place, digest.owner, now)
            if claim is Claim.TAKEN:
                waiting += 1
            if claim is not Claim.MINE:
                continue
            try:
                _publish(digest, place, warden)
            except AwsError as error:
                waiting += 1
                failed.append(error_code(error))
                ledger.release(edition, place, digest.owner)
                logger.error("digest not sent", extra={"error": error_code(error)})
            else:
                ledger.note(edition, place, digest.owner, now)
                sent += 1
    if not waiting:
        ledger.finish(edition)
    logger.info("digests sent", extra={"edition": edition.id, "sent": sent, "waiting": waiting})
    return sent


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
    return console_address(warden.settings.bucket, warden.settings.region)


def _places(digest: Digest, warden: Deployment) -> tuple[str, ...]:
    """Where a digest goes: the topic of its owner, and that of the chats."""
    place = topic_of(digest.addressee, warden.config.notifications.routes) or _MAIN
    return (place, CHAT) if warden.settings.chat_topic_arn else (place,)


def _publish(digest: Digest, place: str, warden: Deployment) -> None:
    settings, sns = warden.settings, warden.aws.sns
    if place == CHAT:
        sns.publish(
            TopicArn=settings.chat_topic_arn,
            Message=json.dumps(chat(digest), ensure_ascii=False),
            MessageAttributes=_attributes(digest),
        )
        return
    sns.publish(
        # A route without a topic leads to the main one: better told there than not at all.
        TopicArn=settings.route_topics.get(place, settings.topic_arn),
        Subject=subject(digest),
        Message=body(digest),
        MessageStructure="json",
        MessageAttributes=_attributes(digest),
    )


def _attributes(digest: Digest) -> Mapping[str, "MessageAttributeValueTypeDef"]:
    return {name: _attribute(value) for name, value in attributes(digest).items()}


def _attribute(value: str | tuple[str, ...]) -> "MessageAttributeValueTypeDef":
    if isinstance(value, str):
        return {"DataType": "String", "StringValue": value}
    return {"DataType": "String.Array", "StringValue": json.dumps(value, ensure_ascii=False)}
