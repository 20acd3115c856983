"""Asking the guard to stop a function that outlived its expiry; the guard decides and acts."""

from collections.abc import Mapping
from datetime import datetime

from functions.shared.alerting.book import Judgement
from functions.shared.aws.observability import logger
from functions.shared.core.arn import FunctionArn
from functions.shared.guarding.ask import ask_to_stop, tell_if_over
from functions.shared.guarding.expiry import SCOPE, expiry_date, not_yet, notified_of_expiry
from functions.shared.muting.accepted import is_accepted
from functions.shared.runtime.deployment import Deployment
from functions.shared.state.records import FunctionRecord
from functions.tag_enforcer.rules import expiry_tag
from functions.tag_enforcer.stop import ASKER, request_to_stop


def consult_guard(
    tags: Mapping[str, str],
    judgement: Judgement,
    record: FunctionRecord,
    warden: Deployment,
    now: datetime,
) -> None:
    """Ask for an expired function to be stopped, or say that there is no reason any more.

    What people accepted is no reason: a waiver of the expiry's alert is one of the stop, too.

    Raises:
        ClientError: The guard could not be told; deliver the event again.
    """
    function = judgement.function
    request = request_to_stop(tags, warden.config, now.date())
    if request is None:
        over = ASKER.over("Its tags give no reason to stop it any more.")
        tell_if_over(warden, function, record, over, now)
    elif _is_waived(judgement, warden, now):
        over = ASKER.over("That it is past its expiry was accepted.")
        tell_if_over(warden, function, record, over, now)
    elif why := _not_yet(tags, function, warden, now):
        logger.info("not asked to be stopped", extra={"function": str(function), "reason": why})
    else:
        ask_to_stop(warden, function, request, now)


def _not_yet(
    tags: Mapping[str, str], function: FunctionArn, warden: Deployment, now: datetime
) -> str:
    tag = warden.config.tags.expiry_tag
    expiry = expiry_date(tags.get(tag, ""))
    if expiry is None:
        return "it has no expiry date"
    return not_yet(
        expiry,
        noted=warden.records.get(function).tags_since.get(tag),
        reported=notified_of_expiry(warden.stored_alerts.of(function, SCOPE)),
        config=warden.config,
        now=now,
    )


def _is_waived(judgement: Judgement, warden: Deployment, now: datetime) -> bool:
    waivers = warden.mutes.waivers()
    return any(
        is_accepted(finding, judgement, waivers, now)
        for verdict in judgement.verdicts
        if verdict.rule == expiry_tag.RULE
        for finding in verdict.findings
    )
