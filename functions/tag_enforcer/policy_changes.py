"""The policy's own life: uploads taken over or refused, exemptions that end.

What counts is what the bucket holds when it is read, not what an event said: events come twice,
late and in any order.
"""

import hashlib
from datetime import datetime
from typing import Final

from functions.shared.alerting.book import Judgement
from functions.shared.alerting.finding import Verdict
from functions.shared.aws.clients import ask
from functions.shared.aws.observability import logger
from functions.shared.core.reading import Known, Reading, Unknown
from functions.shared.policy.agreement import disagreements
from functions.shared.policy.model import Policy
from functions.shared.policy.read import LARGEST, PolicyError, read_policy
from functions.shared.policy.store import policy_store
from functions.shared.policy.upload import KEY
from functions.shared.runtime.deployment import Deployment
from functions.tag_enforcer.review import ENDED, ended_by_owner, exemptions_verdict, upload_verdict

_PART: Final = "tag-enforcer"
_FILE_SCOPE: Final = "policy-file"
_OWNER_SCOPE: Final = "exemptions-of-"


def take_over(warden: Deployment, now: datetime) -> None:
    """Bring the policy in force in line with what the bucket holds.

    A good upload is in force from then on. A broken one changes nothing but what is said about it.
    One that was taken away leaves the deployed policy in force.

    Raises:
        ClientError: AWS could not answer now; deliver the event again.
    """
    store = policy_store(warden)
    content = _content(warden)
    if isinstance(content, Unknown) and content.missing:
        store.withdraw()
        _report(warden, [], now)
        return
    faults = [content.cause] if isinstance(content, Unknown) else []
    if isinstance(content, Known):
        read = _read(content.value, warden)
        if isinstance(read, Policy):
            text = content.value.decode("utf-8-sig")
            if store.in_force().text != text:
                store.accept(text, read, f"the upload {KEY}", now)
                logger.info("policy taken over", extra={"environments": len(read.environments)})
        else:
            faults = read
    _report(warden, faults, now)


def review(warden: Deployment, now: datetime) -> None:
    """Once a day: take over what an event missed, and tell of exemptions that have ended.

    Raises:
        ClientError: AWS could not answer now; deliver the message again.
    """
    take_over(warden, now)
    judge = warden.own_function(_PART)
    ended = ended_by_owner(policy_store(warden).in_force().policy, now.date())
    reported = {
        stored.alert.owner
        for stored in warden.stored_alerts.of(judge)
        if stored.alert.finding.rule == ENDED and stored.alert.is_open
    }
    for owner in sorted(reported | set(ended)):
        verdict = exemptions_verdict(ended.get(owner, []), judge)
        _settle(warden, verdict, f"{_OWNER_SCOPE}{_short(owner)}", owner, now)


def _read(content: bytes, warden: Deployment) -> Policy | list[str]:
    try:
        policy = read_policy(content)
    except PolicyError as error:
        return [str(fault) for fault in error.faults]
    return disagreements(policy, warden.config) or policy


def _report(warden: Deployment, faults: list[str], now: datetime) -> None:
    verdict = upload_verdict(faults, KEY, warden.own_function(_PART))
    _settle(warden, verdict, _FILE_SCOPE, warden.config.owner, now)


def _settle(warden: Deployment, verdict: Verdict, scope: str, owner: str, now: datetime) -> None:
    judgement = Judgement(
        function=warden.own_function(_PART), verdicts=[verdict], scope=scope, owner=owner
    )
    warden.alerts.settle(judgement, now, count_repeats=False)


def _content(warden: Deployment) -> Reading[bytes]:
    def read() -> bytes:
        answer = warden.aws.s3.get_object(Bucket=warden.settings.bucket, Key=KEY)
        return answer["Body"].read(LARGEST + 1)

    return ask(f"reading {KEY}", read)


def _short(owner: str) -> str:
    return hashlib.sha256(owner.encode()).hexdigest()[:12]
