"""Waiver files: taken over into the table when they change, and looked after every hour.

What counts is what the bucket holds when it is read, not what an event said: events come twice,
late and in any order.
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from functions.notifier import far_reaching, unmatched, waiver_changes
from functions.shared.alerting.alert import Alert
from functions.shared.alerting.book import Judgement
from functions.shared.aws.clients import ask
from functions.shared.aws.observability import logger
from functions.shared.config import QuarantineReason
from functions.shared.core.reading import Known, Reading, Unknown
from functions.shared.core.text import plain
from functions.shared.events.change import MalformedEventError
from functions.shared.events.envelope import Envelope
from functions.shared.muting.borders import Border
from functions.shared.muting.waiver import Waiver
from functions.shared.muting.waiver_file import (
    FOLDER,
    LARGEST,
    SUFFIX,
    EntryFault,
    WaiverFile,
    is_waiver_file,
    read_waiver_file,
)
from functions.shared.runtime.deployment import Deployment
from functions.shared.state.table import ConflictError

_PART: Final = "notifier"
_FILE_SCOPE: Final = "waiver-file-"
_OWNER_SCOPE: Final = "waivers-of-"
_FAR_SCOPE: Final = "waivers-that-reach-far"
_EXPIRY: Final = "expiry-tag"
_ATTEMPTS: Final = 5


def take_over(envelope: Envelope, warden: Deployment, now: datetime) -> None:
    """Bring the table in line with a file that S3 told of: created, changed or deleted.

    Raises:
        MalformedEventError: The event names no object.
        ConflictError: The file kept changing; deliver the event again.
        ClientError: AWS could not answer now; deliver the event again.
    """
    described: Any = envelope.detail.get("object")
    key = described.get("key") if isinstance(described, dict) else None
    if not isinstance(key, str):
        raise MalformedEventError("detail.object.key: missing; expected an S3 event of an object")
    if _is_file(key):
        _bring_in(key, warden, now)
        _report_far_reaching(warden, now)


def look_after_waivers(warden: Deployment, now: datetime) -> None:
    """Every hour: take over what events missed, and report waivers that accept nothing.

    Raises:
        ConflictError: A file kept changing, or others kept changing the same alerts.
        ClientError: AWS could not answer now.
    """
    files = set(_files(warden))
    files |= {waiver.source for waiver in warden.mutes.waivers() if waiver.source}
    for key in sorted(files):
        _bring_in(key, warden, now)
    _report_far_reaching(warden, now)
    _report_unmatched(warden, now)


def _bring_in(key: str, warden: Deployment, now: datetime) -> None:
    """Take a file over, again for as long as it changes meanwhile.

    Two events of one file may be handled at the same time. Whoever wrote last has read last,
    because both read again after they wrote.
    """
    before: Reading[bytes] | None = None
    for _ in range(_ATTEMPTS):
        content = _content(key, warden)
        if content == before:
            return
        _apply(_as_file(key, content, warden.config.owner, now), warden, now)
        before = content
    raise ConflictError("the waiver file kept changing")


def _apply(file: WaiverFile, warden: Deployment, now: datetime) -> None:
    present = [one for one in warden.mutes.waivers() if one.source == file.name]
    border = Border.of_file(file.name, warden.config.owner)
    found = waiver_changes.changes(present, file, border, now)
    for waiver in found.write:
        warden.mutes.waive(waiver)
    warden.mutes.remove_waivers(waiver.id for waiver in found.remove)
    if found.concerned:
        _look_again(found.concerned, warden, now)
        logger.info(
            "waivers taken over",
            extra={"written": len(found.write), "removed": len(found.remove)},
        )
    notifier = warden.own_function(_PART)
    judgement = Judgement(
        function=notifier,
        verdicts=[waiver_changes.check(file, notifier)],
        scope=_scope(_FILE_SCOPE, file.name),
        owner=warden.config.owner,
    )
    warden.alerts.settle(judgement, now, count_repeats=False)


def _look_again(waivers: Iterable[Waiver], warden: Deployment, now: datetime) -> None:
    matchers = [waiver.matcher for waiver in waivers]

    def concerned(alert: Alert) -> bool:
        return any(matcher.matches(alert) for matcher in matchers)

    if warden.stored_alerts.look_again(concerned, now):
        warden.nudge()


def _report_far_reaching(warden: Deployment, now: datetime) -> None:
    """Tell the platform team of each waiver that reaches far, whoever wrote it."""
    notifier = warden.own_function(_PART)
    alerts = [stored.alert for stored in warden.stored_alerts.current()]
    lifecycle = QuarantineReason.LIFECYCLE in warden.config.guard.quarantine.reasons
    verdict = far_reaching.check(
        warden.mutes.waivers(),
        alerts,
        notifier,
        now,
        stopping=frozenset({_EXPIRY}) if lifecycle else frozenset(),
    )
    judgement = Judgement(
        function=notifier, verdicts=[verdict], scope=_FAR_SCOPE, owner=warden.config.owner
    )
    warden.alerts.settle(judgement, now, count_repeats=False)


def _report_unmatched(warden: Deployment, now: datetime) -> None:
    """Report to each owner of waivers, and settle what was reported to those who have none now."""
    notifier = warden.own_function(_PART)
    waivers = warden.mutes.waivers()
    alerts = [stored.alert for stored in warden.stored_alerts.current()]
    owners = {_owner(waiver) for waiver in waivers}
    owners |= {
        stored.alert.owner
        for stored in warden.stored_alerts.of(notifier)
        if stored.alert.finding.rule == unmatched.RULE and stored.alert.is_open
    }
    for owner in sorted(owners):
        theirs = [waiver for waiver in waivers if _owner(waiver) == owner]
        judgement = Judgement(
            function=notifier,
            verdicts=[unmatched.check(theirs, alerts, notifier, now)],
            scope=_scope(_OWNER_SCOPE, owner),
            owner=owner,
        )
        warden.alerts.settle(judgement, now, count_repeats=False)


def _owner(waiver: Waiver) -> str:
    """The owner as an alert shows it."""
    return plain(waiver.owner, 100)


def _scope(kind: str, name: str) -> str:
    """A scope of its own for each file and each owner, short whatever their names."""
    return kind + hashlib.sha256(name.encode()).hexdigest()[:12]


def _is_file(key: str) -> bool:
    return key.startswith(FOLDER) and not key.endswith("/")


def _files(warden: Deployment) -> Iterable[str]:
    pages = warden.aws.s3.get_paginator("list_objects_v2").paginate(
        Bucket=warden.settings.bucket, Prefix=FOLDER
    )
    for page in pages:
        yield from (one["Key"] for one in page.get("Contents", []) if _is_file(one["Key"]))


def _content(key: str, warden: Deployment) -> Reading[bytes]:
    def read() -> bytes:
        answer = warden.aws.s3.get_object(Bucket=warden.settings.bucket, Key=key)
        return answer["Body"].read(LARGEST + 1)

    return ask("reading it", read)


def _as_file(key: str, content: Reading[bytes], platform: str, now: datetime) -> WaiverFile:
    if isinstance(content, Unknown) and content.missing:
        return WaiverFile(plain(key))
    if isinstance(content, Known) and is_waiver_file(key):
        return read_waiver_file(key, content.value, now, platform=platform)
    wanted = f"its name is not fit; call it {FOLDER}TEAM{SUFFIX}, of visible characters"
    cause = content.cause if isinstance(content, Unknown) else wanted
    fault = EntryFault(plain(key), 0, "", cause)
    return WaiverFile(plain(key), faults=(fault,), readable=False)
