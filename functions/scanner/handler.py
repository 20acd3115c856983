"""Lambda entry point of the scanner: parse, decide, act, report."""

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.scanner import (
    advisory_age,
    consult_guard,
    foreign_event,
    gather,
    rematch,
    sensitive,
    upload,
)
from functions.scanner.advisory_data import AdvisoryData, advisory_data
from functions.scanner.decide import decide
from functions.scanner.facts import FunctionFacts, Setting
from functions.scanner.memory import ScanMemory
from functions.scanner.rules import unread_function
from functions.scanner.runtimes import runtimes
from functions.scanner.stop import ASKER
from functions.shared.alerting.book import Judgement
from functions.shared.alerting.finding import Verdict
from functions.shared.aws.observability import logger
from functions.shared.aws.queue import BatchAnswer, consume
from functions.shared.core.arn import FunctionArn
from functions.shared.core.reading import Known, Unknown
from functions.shared.events.change import ChangeKind, FunctionChange, NotAChange
from functions.shared.events.envelope import Envelope
from functions.shared.events.message_types import S3_SOURCE, MessageType
from functions.shared.events.read import read_change
from functions.shared.guarding import ask as asking
from functions.shared.runtime.deployment import Deployment, deployment
from functions.shared.runtime.intake import Arrival, take_in

SCOPE: Final = "scanner"
_ADVISORIES_SCOPE: Final = "advisories"
# Problems of the moment, not of the artefact: see `contents`.
_ASK_AGAIN: Final = frozenset({"download-failed", "layer-unreadable"})
# Late events are minutes late, redriven ones days.
_OLD: Final = timedelta(days=14)
# Kinds that leave a trace in the configuration's revision; after others we always look.
_REVISED: Final = frozenset(
    {
        ChangeKind.CREATED,
        ChangeKind.CODE,
        ChangeKind.CONFIGURATION,
        ChangeKind.STATE,
        ChangeKind.OBSERVED,
    }
)


@logger.inject_lambda_context
def handler(event: dict[str, Any], _: LambdaContext) -> BatchAnswer:
    """Scan every function that the batch tells of."""
    warden = deployment()
    return consume(
        event,
        lambda envelope: route(envelope, warden, datetime.now(UTC)),
        settings=warden.settings,
        sqs=warden.aws.sqs,
        proven=True,
        given_up=lambda envelope, cause: give_up(envelope, cause, warden, datetime.now(UTC)),
    )


def give_up(envelope: Envelope, cause: str, warden: Deployment, now: datetime) -> None:
    """Say of a function that the look at it failed for the last time; the next one looks afresh.

    Raises:
        ClientError: The table could not be written to.
    """
    change = read_change(envelope, own_functions=warden.own_functions, now=now)
    if isinstance(change, NotAChange) or change.kind is ChangeKind.DELETED:
        return
    warden.records.remember_scan(change.function, "")
    tags, policy = warden.records.get(change.function).tags or {}, warden.config.tags
    verdict = Verdict(
        unread_function.RULE,
        (unread_function.not_looked_at(change.function, cause),),
        certain=False,  # what is known of it stays
    )
    judgement = Judgement(
        function=change.function,
        verdicts=[verdict],
        scope=SCOPE,
        owner=tags.get(policy.owner_tag, ""),
        environment=tags.get(policy.environment_tag, ""),
    )
    warden.alerts.settle(judgement, now)


def route(envelope: Envelope, warden: Deployment, now: datetime) -> None:
    """Handle one event: new advisories, inventories to match, a lockfile, or a change.

    Raises:
        MalformedEventError: The event lacks what its type promises.
        ClientError: AWS could not answer now; deliver the event again.
    """
    kind = envelope.own_type
    if kind is MessageType.ADVISORIES_PUBLISHED:
        rematch.hand_out(warden)
    elif kind is MessageType.REMATCH_PAGE:
        rematch.rematch_page(envelope.detail, warden, now)
    elif envelope.source == S3_SOURCE:
        upload.look_again(envelope, warden, now)
    else:
        sensitive.note(envelope, warden, now)
        scan(envelope, warden, now)


def scan(envelope: Envelope, warden: Deployment, now: datetime) -> None:
    """Scan the function that a change tells of.

    Raises:
        MalformedEventError: The event should name a function and does not.
        ClientError: AWS could not answer now; deliver the event again.
    """
    memory = ScanMemory(warden.table)

    def forget(gone: FunctionArn) -> None:
        memory.forget(gone, now)
        asking.forget(warden, gone, ASKER, now)

    arrival = take_in(
        envelope,
        warden,
        scope=SCOPE,
        now=now,
        on_deletion=forget,
        on_elsewhere=lambda function: foreign_event.report(function, warden, now),
    )
    if arrival is None:
        return
    deployers = memory.note_deployment(arrival.change)
    advisories = advisory_data(warden)
    setting = Setting(warden.config.scanner, now, runtimes(warden))
    _judge_advisories(advisories, warden, setting)
    setting = replace(setting, now=clock_of(arrival.change, now))
    identity = gather.identify(arrival.change.function, warden)
    judged = _state(identity, advisories, deployers, warden, now)
    if judged and judged == arrival.record.scanned and arrival.change.kind in _REVISED:
        logger.info("already judged", extra={"function": str(arrival.change.function)})
        return
    # What AWS says is judged and written down before anything is read that others wrote.
    facts = gather.outside(identity, warden, now, arrival.change)
    first = _judgement(facts, decide(facts, arrival.change.stated, setting), arrival, warden)
    alerts = warden.alerts.settle(first, now)
    facts = gather.inside(facts, identity, warden, advisories, now)
    verdicts = decide(facts, arrival.change.stated, setting)
    judgement = _judgement(facts, verdicts, arrival, warden)
    alerts += warden.alerts.settle(judgement, now, count_repeats=False)
    consult_guard.consult_guard(
        facts, judgement, arrival.record, warden, advisories=advisories, now=now
    )
    warden.records.remember_scan(facts.function, judged if _is_complete(facts) else "")
    logger.info("scanned", extra={"function": str(facts.function), "alerts": len(alerts)})


def clock_of(change: FunctionChange, now: datetime) -> datetime:
    """The time to judge a change by: its own where it is an old one, as those of a replayed log."""
    tells_of_now = change.kind in {ChangeKind.OBSERVED, ChangeKind.STATE}
    return now if tells_of_now or now - change.at < _OLD else change.at


def _state(
    identity: gather.Identity,
    advisories: AdvisoryData,
    deployers: str,
    warden: Deployment,
    now: datetime,
) -> str:
    """What a judgement depends on. The week makes rules about dates speak in time."""
    configuration, uploads = identity.facts.configuration, identity.uploads
    aliases = identity.aliases
    if (
        isinstance(configuration, Unknown)
        or isinstance(uploads, Unknown)
        or isinstance(aliases, Unknown)
    ):
        return ""
    parts = [
        configuration.value.revision,
        configuration.value.code_sha256,
        advisories.version,
        deployers,
        now.strftime("%G-W%V"),
        *sorted(f"{upload.name} {upload.etag}" for upload in uploads.value),
        *sorted(repr(alias) for alias in aliases.value),
        *(["stops"] if consult_guard.is_wanted(warden) else []),
    ]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _is_complete(facts: FunctionFacts) -> bool:
    """Whether nothing is left that another look could find out."""
    asked = (facts.policy, facts.urls, facts.drift, facts.releases)
    if any(isinstance(reading, Unknown) for reading in asked):
        return False
    releases = facts.releases.value if isinstance(facts.releases, Known) else ()
    if any(isinstance(policy, Unknown) for one in releases for policy in one.policies.values()):
        return False
    return all(_is_read(one) for one in (facts, *(r.code for r in releases if r.code)))


def _is_read(facts: FunctionFacts) -> bool:
    return isinstance(facts.inventory, Known) and not any(
        problem.code in _ASK_AGAIN for problem in facts.inventory.value.problems
    )


def _judge_advisories(advisories: AdvisoryData, warden: Deployment, setting: Setting) -> None:
    """Missing or old advisory data is one fault of the estate, not one of each function."""
    sync = warden.own_function("advisory-sync")
    verdict = advisory_age.check(advisories.state, sync, setting, advisories.exploited_checked)
    judgement = Judgement(
        function=sync, verdicts=[verdict], scope=_ADVISORIES_SCOPE, owner=warden.config.owner
    )
    warden.alerts.settle(judgement, setting.now, count_repeats=False)


def _judgement(
    facts: FunctionFacts, verdicts: list[Verdict], arrival: Arrival, warden: Deployment
) -> Judgement:
    policy = warden.config.tags
    tags = facts.tags.value if isinstance(facts.tags, Known) else arrival.record.tags or {}
    return Judgement(
        function=facts.function,
        verdicts=verdicts,
        scope=SCOPE,
        owner=tags.get(policy.owner_tag, ""),
        environment=tags.get(policy.environment_tag, ""),
    )
