"""The alert book: judge, remember, tell — in that order, and each piece of news once."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from functions.shared.alerting.alert import Alert
from functions.shared.alerting.finding import Verdict
from functions.shared.alerting.lifecycle import transitions
from functions.shared.arn import FunctionArn
from functions.shared.state.alerts import StoredAlerts
from functions.shared.state.table import ConflictError

_ATTEMPTS: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What one check says about one function.

    Attributes:
        function: The function that was judged.
        verdicts: One per rule that ran.
        scope: The check that ran.
        owner: The function's owner, empty while unknown.
        environment: The function's environment, empty while unknown.
    """

    function: FunctionArn
    verdicts: Sequence[Verdict]
    scope: str
    owner: str = ""
    environment: str = ""


class AlertBook:
    """Turns judgements into stored and published alerts."""

    def __init__(self, stored: StoredAlerts, publish: Callable[[Alert], None]) -> None:
        self._stored = stored
        self._publish = publish

    def settle(
        self, judgement: Judgement, now: datetime, *, count_repeats: bool = True
    ) -> list[Alert]:
        """Bring the stored alerts of a function in line with a judgement and publish the news.

        Args:
            judgement: What one check says about one function.
            now: The time of the judgement.
            count_repeats: Whether to write down that a known finding still holds; not worth a
                write where many functions confirm the same one.

        Returns:
            The alerts that were published.

        Raises:
            ConflictError: Others kept changing the same alerts; deliver the event again.
            Exception: Whatever `publish` raises; what was not published is published next time.
        """
        for _ in range(_ATTEMPTS - 1):
            with suppress(ConflictError):
                return self._settle(judgement, now, count_repeats=count_repeats)
        return self._settle(judgement, now, count_repeats=count_repeats)

    def close(self, function: FunctionArn, scope: str, now: datetime) -> list[Alert]:
        """Resolve every open alert of a scope: the function they were about is gone."""
        rules = {alert.finding.rule for alert, _ in self._stored.of(function, scope)}
        passed = [Verdict(rule) for rule in sorted(rules)]
        return self.settle(Judgement(function=function, verdicts=passed, scope=scope), now)

    def _settle(self, judgement: Judgement, now: datetime, *, count_repeats: bool) -> list[Alert]:
        known = self._stored.of(judgement.function, judgement.scope)
        unpublished = {alert.finding.fingerprint: alert for alert, pending in known if pending}
        for transition in transitions(
            [alert for alert, _ in known], judgement.verdicts, scope=judgement.scope, now=now
        ):
            alert = replace(
                transition.alert,
                owner=judgement.owner or transition.alert.owner,
                environment=judgement.environment or transition.alert.environment,
            )
            fingerprint = alert.finding.fingerprint
            notify = transition.notify or fingerprint in unpublished
            if not (notify or count_repeats):
                continue
            self._stored.save(alert, unpublished=notify)
            if notify:
                unpublished[fingerprint] = alert
        for alert in unpublished.values():
            self._publish(alert)
            self._stored.mark_published(alert)
        return list(unpublished.values())
