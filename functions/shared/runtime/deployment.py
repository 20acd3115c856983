"""The deployment that a running function is part of: its settings, clients and stores."""

from datetime import timedelta
from functools import cache, cached_property

from functions.shared.alerting.book import AlertBook
from functions.shared.alerting.evidence import EvidenceStore
from functions.shared.alerting.nudge import Nudge
from functions.shared.alerting.store import StoredAlerts
from functions.shared.aws.clients import Aws
from functions.shared.aws.settings import Settings, settings
from functions.shared.config import WardenConfig
from functions.shared.core.arn import FunctionArn
from functions.shared.muting.store import Mutes
from functions.shared.state.dynamo_table import DynamoTable
from functions.shared.state.records import FunctionRecords
from functions.shared.state.table import Table


class Deployment:
    """Everything a handler acts through; made once per process, parts of it on first use."""

    def __init__(self, settings: Settings, aws: Aws, table: Table | None = None) -> None:
        """Know what it is made of.

        Args:
            settings: Where everything lies, and what the platform team decided.
            aws: The clients.
            table: The state table; None for the one that the settings name.
        """
        self.settings = settings
        self.aws = aws
        self._table = table

    @property
    def config(self) -> WardenConfig:
        """What the platform team decided."""
        return self.settings.config

    @property
    def own_functions(self) -> frozenset[str]:
        """The names of Warden's own functions."""
        return self.config.own_functions

    def own_function(self, part: str) -> FunctionArn:
        """One of Warden's own functions, for example `scanner`."""
        return FunctionArn.parse(
            f"{self.config.name_prefix}-{part}",
            account=self.settings.account,
            region=self.settings.region,
        )

    @cached_property
    def table(self) -> Table:
        """The state table."""
        return self._table or DynamoTable(self.aws.dynamodb, self.settings.table)

    @cached_property
    def records(self) -> FunctionRecords:
        """What is remembered about each function."""
        return FunctionRecords(self.table)

    @cached_property
    def stored_alerts(self) -> StoredAlerts:
        """The alerts as they stand in the table."""
        return StoredAlerts(self.table)

    @cached_property
    def mutes(self) -> Mutes:
        """Waivers and silences."""
        return Mutes(self.table)

    @cached_property
    def nudge(self) -> Nudge:
        """Makes the notifier look."""
        return Nudge(self.aws.sqs, self.settings.notifier_queue_url)

    @cached_property
    def alerts(self) -> AlertBook:
        """The alert book, which leaves telling to the notifier."""
        return AlertBook(
            self.stored_alerts,
            group_wait=timedelta(seconds=self.config.notifications.group_wait_seconds),
            severity=self.config.severity,
            keep_evidence=EvidenceStore(self.aws.s3, self.settings.bucket).keep,
            nudge=self.nudge,
        )


@cache
def deployment() -> Deployment:
    """The deployment of this process.

    Raises:
        SettingsError: The environment is incomplete.
    """
    known = settings()
    return Deployment(known, Aws(known.region))
