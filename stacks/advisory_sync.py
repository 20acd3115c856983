"""The advisory sync: what is known to be vulnerable today?"""

from aws_cdk import Duration
from aws_cdk import aws_events as events
from constructs import Construct

from functions.shared.config import WardenConfig
from stacks.alerting import Alerting
from stacks.part import Part
from stacks.scheduled_calls import ScheduledCalls
from stacks.target import Target
from stacks.warden_function import WardenFunction


class AdvisorySync(Construct):
    """Fetches advisories regularly and keeps the index that the scanner looks packages up in.

    Attributes:
        function: The function that fetches.
        dead_letters: Where calls that failed for good end.
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
        """Make the function and its clock; `config.advisories` says where advisories come from."""
        super().__init__(scope, id)
        every = events.Schedule.rate(Duration.hours(config.advisory_sync_hours))
        calls = ScheduledCalls(self, "Schedule", schedule=every)
        self.dead_letters = calls.dead_letters
        self.function = WardenFunction(
            self,
            "Fetch",
            part=Part.ADVISORY_SYNC,
            description="Keeps the index of advisories up to date",
            config=config,
            target=target or Target.aws(),
            places=alerting.places(
                config,
                dead_letters=self.dead_letters.queue_arn,
            ),
            memory_mib=2048,
            timeout=Duration.minutes(15),
            scratch_mib=4096,  # the exports of all ecosystems, and the index made of them
            environment={
                **alerting.environment,
                "WARDEN_EVENT_BUS": "default",
            },
        )
        calls.call(self.function)
