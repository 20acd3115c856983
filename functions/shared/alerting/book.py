"""The alert book: judge, remember, tell — in that order, and each piece of news once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from functions.shared.alerting.alert import Alert, State
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
            Exception: Whatever `publish` raises, after everything else was tried; what was not
                published is published next time.
        """
        published: list[Alert] = []
        for attempt in range(1, _ATTEMPTS + 1):
            news: list[Alert] = []
            try:
                self._save(judgement, now, news, count_repeats=count_repeats)
                break
            except ConflictError:
                if attempt == _ATTEMPTS:
                    raise
            finally:
                # Whatever came in between: what was claimed is ours to tell.
                self._tell(news)
                published += news
        return published

    def close(self, function: FunctionArn, scope: str, now: datetime) -> list[Alert]:
        """Resolve every open alert of a scope: the function they were about is gone."""
        rules = {stored.alert.finding.rule for stored in self._stored.of(function, scope, now)}
        passed = [Verdict(rule) for rule in sorted(rules)]
        return self.settle(Judgement(function=function, verdicts=passed, scope=scope), now)

    def _save(
        self, judgement: Judgement, now: datetime, news: list[Alert], *, count_repeats: bool
    ) -> None:
        """Write down what a judgement changes; `news` collects what is to be told."""
        stored = self._stored.of(judgement.function, judgement.scope, now)
        untold = {one.alert.finding.fingerprint: one.alert for one in stored if one.untold}
        for transition in transitions(
            [one.alert for one in stored], judgement.verdicts, scope=judgement.scope, now=now
        ):
            before = untold.pop(transition.alert.finding.fingerprint, None)
            notify = transition.notify or before is not None
            if notify or count_repeats:
                alert = _next(transition.alert, before, judgement)
                self._stored.save(alert, news=notify, now=now)
                news += [alert] if notify else []
        for left in untold.values():
            alert = replace(left, revision=left.revision + 1)
            self._stored.save(alert, news=True, now=now)
            news.append(alert)

    def _tell(self, news: Sequence[Alert]) -> None:
        failures: list[Exception] = []
        for alert in news:
            try:
                self._publish(alert)
            except Exception as error:  # noqa: BLE001 - raised below, when the others are told
                self._stored.not_told(alert)
                failures.append(error)
            else:
                self._stored.told(alert)
        if failures:
            raise failures[0]


def _next(alert: Alert, untold: Alert | None, judgement: Judgement) -> Alert:
    # To a person, the first message about a finding is its opening.
    never_opened = untold is not None and untold.state is State.OPENED and alert.is_open
    return replace(
        alert,
        state=State.OPENED if never_opened else alert.state,
        owner=judgement.owner or alert.owner,
        environment=judgement.environment or alert.environment,
    )
