"""The bus that carries every change of every alert as an event of its own."""

from aws_cdk import aws_events as events
from constructs import Construct

from stacks.reach import Reach


class AlertBus(Construct):
    """A custom EventBridge bus for machines: hang rules with targets of your own on it.

    Its events are described in docs/routing.md and docs/alert.schema.json; `event_patterns.alerts`
    makes patterns for them. It has no resource policy, so nobody outside of the account can put
    events on it, and within the account only whose role says so.

    To keep events and replay them there is `bus.archive(...)`. It is left out here, because it
    costs by volume and the embedded AWS has none.

    Attributes:
        bus: The bus.
    """

    def __init__(self, scope: Construct, id: str, *, prefix: str = "lambda-warden") -> None:  # noqa: A002 - CDK's own name for it
        """Make the bus.

        Args:
            scope: Parent construct.
            id: Name within the parent.
            prefix: Start of its name, which ends in `-alerts`.
        """
        super().__init__(scope, id)
        self.bus = events.EventBus(
            self,
            "Bus",
            event_bus_name=f"{prefix}-alerts",
            description="Alerts of Lambda Warden, one event for each change",
        )

    @property
    def reach(self) -> Reach:
        """What who puts events on it works with."""
        return Reach({"bus": self.bus.event_bus_arn}, {"WARDEN_ALERT_BUS": self.bus.event_bus_name})
