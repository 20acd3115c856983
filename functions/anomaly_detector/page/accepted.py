"""What a person accepted becomes usual: until somebody says so, an incident teaches nothing."""

from typing import Final

from functions.anomaly_detector.page.read import Look
from functions.anomaly_detector.rules import abnormal_behaviour, went_silent
from functions.anomaly_detector.watch.episode import SPOILS_AFTER
from functions.shared.runtime.deployment import Deployment

_LEARNT: Final = (abnormal_behaviour.RULE, went_silent.RULE)


def learn_accepted(look: Look, warden: Deployment, scope: str) -> None:
    """Let the hours of long incidents teach whose alerts a person accepted with a waiver.

    Asked only of functions with an incident that would teach nothing otherwise.
    """
    past = look.memory.past
    lasting = {
        rule
        for rule in _LEARNT
        if (one := past.standing.get(rule))
        and one.is_open
        and not one.is_accepted
        and past.now - one.since > SPOILS_AFTER
    }
    if not lasting:
        return
    for stored in warden.stored_alerts.of(look.function, scope):
        if stored.is_waived and stored.alert.finding.rule in lasting:
            past.accept(stored.alert.finding.rule)
