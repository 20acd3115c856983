"""The real guard on a model account: everything but AWS is the code that is deployed."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast

from demo.attack.account import ACCOUNT, REGION, ModelAccount, ModelAws
from functions.guard.guard import Guard
from functions.shared.alerting.alert import Alert
from functions.shared.alerting.book import AlertBook, Judgement
from functions.shared.alerting.store import StoredAlerts
from functions.shared.aws.clients import Aws
from functions.shared.aws.settings import Settings
from functions.shared.config import WardenConfig
from functions.shared.runtime.deployment import Deployment
from functions.shared.state.memory_table import MemoryTable


@dataclass
class Stage:
    """A guard and the account that it guards.

    Attributes:
        config: The `warden` block.
        now: The time, which passes only when told.
        alerts: Everything that was told.
    """

    config: WardenConfig
    now: datetime
    limit: int = 1000
    alerts: list[Alert] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Make the account, the table and the guard."""
        self.account = ModelAccount(lambda: self.now, self.limit)
        self.table = MemoryTable()
        self.guard = self.another_guard(self.config)

    def another_guard(self, config: WardenConfig) -> Guard:
        """A guard of the same account and table, as a deployment with other settings makes one."""
        settings = Settings(
            config=config,
            account=ACCOUNT,
            region=REGION,
            table="memory",
            queue_arn=f"arn:aws:sqs:{REGION}:{ACCOUNT}:guard",
            schedule_group="restores",
            schedule_role_arn=f"arn:aws:iam::{ACCOUNT}:role/restores",
        )
        warden = Deployment(settings, cast("Aws", ModelAws(self.account)), self.table)
        # Deployment makes these on first use; here they are given.
        warden.__dict__["alerts"] = _Noted(StoredAlerts(self.table), self.alerts)
        return Guard(warden, clock=lambda: self.now)

    def watch(self, watched: Callable[[str], None]) -> None:
        """Have every call to the table and to AWS announced."""
        self.table.watched = watched
        self.account.watched = watched

    def announced(self) -> list[tuple[str, str, str]]:
        """State, severity and rule of what was told since the last look."""
        reported = [
            (one.state.value, one.finding.severity.label, one.finding.rule) for one in self.alerts
        ]
        self.alerts.clear()
        return reported

    def last_alert(self, rule: str) -> Any:
        """The last alert of a rule that was told."""
        return next(one for one in reversed(self.alerts) if one.finding.rule == rule)

    def wait(self, **time: float) -> None:
        """Let time pass."""
        self.now += timedelta(**time)


class _Noted(AlertBook):
    """An alert book whose changes are noted down; there is no notifier on this stage."""

    def __init__(self, stored: StoredAlerts, noted: list[Alert]) -> None:
        super().__init__(
            stored,
            group_wait=timedelta(0),
            keep_evidence=lambda _: None,
            nudge=lambda _: None,
        )
        self._noted = noted

    def settle(
        self, judgement: Judgement, now: datetime, *, count_repeats: bool = True
    ) -> list[Alert]:
        """See `AlertBook`."""
        changes = super().settle(judgement, now, count_repeats=count_repeats)
        self._noted.extend(changes)
        return changes
