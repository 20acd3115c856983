"""The channels of this deployment, and what messages need to know to link back into it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Self

from functions.notifier.channels.asff import Product
from functions.notifier.channels.bus import AlertBus
from functions.notifier.channels.security_hub import SecurityHub
from functions.notifier.channels.topics import Topics
from functions.shared.alerting.alert import Alert
from functions.shared.alerting.formats.context import Context
from functions.shared.runtime.deployment import Deployment

_PICTURE: Final = "picture"
_S3: Final = "s3://"
# Longer than an on-call night. A link also ends with the credentials that signed it, which Lambda
# renews within hours (S3 user guide, "Expiration time for presigned URLs").
_LINK_LASTS: Final = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Channels:
    """Where alerts go.

    Attributes:
        topics: People.
        bus: Machines.
        security_hub: Security Hub, None where nobody wants it there.
    """

    topics: Topics
    bus: AlertBus
    security_hub: SecurityHub | None

    @classmethod
    def of(cls, warden: Deployment) -> Self:
        """The channels that a deployment has."""
        settings, policy = warden.settings, warden.config.notifications
        hub = None
        if policy.security_hub:
            own = warden.own_function("notifier")
            product = Product(own.partition, own.region, own.account)
            hub = SecurityHub(warden.aws.security_hub, product)
        return cls(
            Topics(
                warden.aws.sns, settings.topic_arn, settings.route_topics, settings.chat_topic_arn
            ),
            AlertBus(warden.aws.events, settings.alert_bus),
            hub,
        )


def context_of(warden: Deployment, alerts: Iterable[Alert], now: datetime) -> Context:
    """What the messages about some alerts link to; pictures by links that end."""
    pictures = {
        place: _signed(warden, place)
        for alert in alerts
        if isinstance(place := alert.finding.evidence.get(_PICTURE), str)
        and _is_ours(warden, place)
    }
    return Context(
        now=now,
        runbooks_url=warden.config.notifications.runbooks_url,
        bucket=warden.settings.bucket,
        pictures=pictures,
    )


def _is_ours(warden: Deployment, place: str) -> bool:
    return place.startswith(f"{_S3}{warden.settings.bucket}/pictures/")


def _signed(warden: Deployment, place: str) -> str:
    bucket, _, key = place.removeprefix(_S3).partition("/")
    return warden.aws.s3.generate_presigned_url(
        "get_object",
        Params={"Bucket": bucket, "Key": key},
        ExpiresIn=int(_LINK_LASTS.total_seconds()),
    )
