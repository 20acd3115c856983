"""The alert book: judge, remember, and have the notifier report what changed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from functions.shared.alerting.alert import Alert
from functions.shared.alerting.finding import Finding, Verdict
from functions.shared.alerting.lifecycle import transitions
from functions.shared.alerting.store import StoredAlerts
from functions.shared.alerting.urgency import urgent
from functions.shared.config import SeverityPolicy
from functions.shared.core.arn import FunctionArn
from functions.shared.core.severity import Severity
from functions.shared.state.table import ConflictError

_ATTEMPTS: Final = 4
_BY_DEFAULT: Final = SeverityPolicy()


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
    """Turns judgements into stored alerts; telling people of them is the notifier's work."""

    def __init__(
        self,
        stored: StoredAlerts,
        *,
        group_wait: timedelta,
        severity: SeverityPolicy = _BY_DEFAULT,
        keep_evidence: Callable[[Finding], None],
        nudge: Callable[[timedelta], None],
    ) -> None:
        """Make the book.

        Args:
            stored: Where alerts are kept.
            group_wait: How long a change waits for others; a critical one does not.
            severity: How urgent the settings want what is found to be.
            keep_evidence: Stores the whole evidence of a finding from which some was cut.
            nudge: Makes the notifier look when a time has passed.
        """
        self._stored = stored
        self._group_wait = group_wait
        self._severity = severity
        self._keep_evidence = keep_evidence
        self._nudge = nudge

    def settle(
        self, judgement: Judgement, now: datetime, *, count_repeats: bool = True
    ) -> list[Alert]:
        """Bring the stored alerts of a function in line with a judgement.

        Args:
            judgement: What one check says about one function.
            now: The time of the judgement.
            count_repeats: Whether to write down that a known finding still holds; not worth a
                write where many functions confirm the same one.

        Returns:
            The alerts that changed.

        Raises:
            ConflictError: Others kept changing the same alerts; deliver the event again.
        """
        for attempt in range(1, _ATTEMPTS + 1):
            changes: list[Alert] = []
            try:
                self._save(judgement, now, changes, count_repeats=count_repeats)
            except ConflictError:
                if attempt == _ATTEMPTS:
                    raise
            else:
                return changes
            finally:
                # Whatever came in between: what was written is on the notifier's agenda.
                if changes:
                    self._nudge(min(self._wait(alert) for alert in changes))
        raise AssertionError("unreachable")

    def close(self, function: FunctionArn, scope: str, now: datetime) -> list[Alert]:
        """Resolve every open alert of a scope: the function they were about is gone."""
        rules = {stored.alert.finding.rule for stored in self._stored.of(function, scope)}
        passed = [Verdict(rule) for rule in sorted(rules)]
        return self.settle(Judgement(function=function, verdicts=passed, scope=scope), now)

    def _save(
        self, judgement: Judgement, now: datetime, changes: list[Alert], *, count_repeats: bool
    ) -> None:
        """Write down what a judgement changes; `changes` collects what is to be reported."""
        stored = [one.alert for one in self._stored.of(judgement.function, judgement.scope)]
        kept = {(one.finding.fingerprint, one.finding.whole_digest) for one in stored}
        environment = judgement.environment or next(
            (one.environment for one in stored if one.environment), ""
        )
        verdicts = [self._rated(verdict, environment) for verdict in judgement.verdicts]
        for transition in transitions(stored, verdicts, scope=judgement.scope, now=now):
            if not transition.is_change and not count_repeats:
                continue
            alert = replace(
                transition.alert,
                owner=judgement.owner or transition.alert.owner,
                environment=judgement.environment or transition.alert.environment,
            )
            # Evidence also changes without an update, and what is stored links to what it is then.
            if (alert.finding.fingerprint, alert.finding.whole_digest) not in kept:
                self._keep_evidence(alert.finding)
            due = now + self._wait(alert) if transition.is_change else None
            self._stored.save(alert, due=due, now=now)
            changes += [alert] if transition.is_change else []

    def _rated(self, verdict: Verdict, environment: str) -> Verdict:
        findings = (urgent(one, environment, self._severity) for one in verdict.findings)
        return replace(verdict, findings=tuple(findings))

    def _wait(self, alert: Alert) -> timedelta:
        if alert.is_open and alert.finding.severity is Severity.CRITICAL:
            return timedelta(0)
        return self._group_wait
