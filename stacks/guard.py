"""The guard: the only part that may change a function of the estate."""

from aws_cdk import CustomResource, Duration
from aws_cdk import aws_events as events
from constructs import Construct

from functions.shared.config import Mode, WardenConfig
from functions.shared.events.message_types import MessageType
from stacks import event_patterns
from stacks.alerting import Alerting
from stacks.part import Part
from stacks.queued_part import QueuedPart
from stacks.restore_schedules import RestoreSchedules
from stacks.target import Target
from stacks.warden_function import WardenFunction

VETO = "Custom::GuardRelease"
"""Type of the resource by which CloudFormation asks the guard before it deletes the stack."""

_TIMEOUT = Duration.minutes(2)
"""The ledger's leases are longer than this: functions/guard/ledger.py."""


class Guard(QueuedPart):
    """The guard with its queue, its clocks, its one-time schedules, and a veto on removal.

    Attributes:
        schedules: Where its one-time schedules live.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,  # noqa: A002 - CDK's own name for it
        *,
        config: WardenConfig,
        alerting: Alerting,
        target: Target | None = None,
    ) -> None:
        """Make everything; `config.guard` is its policy."""
        super().__init__(
            scope,
            id,
            part=Part.GUARD,
            config=config,
            timeout=_TIMEOUT,
            late_after=Duration.minutes(15),
            target=target,
        )
        self.schedules = RestoreSchedules(
            self, "Restores", prefix=config.name_prefix, queue=self.queue.queue
        )
        self.consume_with(
            "Act",
            "Limits runaway functions, and restores what was there before",
            reach=alerting.reach | self.schedules.reach,
            memory_mib=512,
            at_once=2,
        )
        self._clocks(config)
        self.hear(
            "Overruled",
            "Somebody else set a reserved concurrency, as recorded by CloudTrail",
            event_patterns.concurrency_settings([self.function.role.role_arn]),
        )
        self._restore_before_removal(alerting)

    def take_requests_from(self, *functions: WardenFunction) -> None:
        """Let these functions ask, and nobody else: the guard knows their roles by unique ids.

        To be called once, with every part that has the guard's queue.
        """
        self.queue.take_only_from([self.schedules.role, *(one.role for one in functions)])
        known = [f"{one.part.value}={one.role.role_id}" for one in functions]
        self.function.function.add_environment("WARDEN_SENDERS", ",".join(known))

    def _clocks(self, config: WardenConfig) -> None:
        policy = config.guard
        self._clock("Tick", MessageType.GUARD_TICK, Duration.minutes(policy.sweep_minutes))
        if not policy.budget.is_empty:
            self._clock("Budgets", MessageType.BUDGET_REVIEW, Duration.hours(1))
        if policy.standing.mode is not Mode.OFF:
            self._clock("StandingLimits", MessageType.STANDING_LIMIT_REVIEW, Duration.days(1))

    def _clock(self, id_: str, kind: MessageType, every: Duration) -> None:
        what = f"Reminds the guard: {kind.value}"
        self.remind(id_, kind, what, events.Schedule.rate(every))

    def _restore_before_removal(self, alerting: Alerting) -> None:
        """Have CloudFormation ask the guard before it deletes what restoring needs.

        A resource is deleted before everything that it depends on, so the veto comes first; while
        it fails, the stack stays.
        """
        veto = CustomResource(
            self,
            "Removal",
            resource_type=VETO,
            service_token=self.function.function.function_arn,
            service_timeout=Duration.minutes(5),
        )
        veto.node.add_dependency(
            self.function, self.schedules, alerting.state, alerting, self.queue
        )
