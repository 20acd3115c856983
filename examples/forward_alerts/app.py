"""The whole of Lambda Warden, and every alert on the bus of a central account."""

from typing import Final

from aws_cdk import App
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from constructs import Construct

from lambda_warden.constructs import DeadLetters, WardenStack, alert_pattern
from lambda_warden.settings import WardenConfig

CENTRAL: Final = "arn:aws:events:eu-west-1:222222222222:event-bus/alerts"
"""A bus whose policy lets this account put events; any other target of EventBridge will do."""


class ForwardingWarden(WardenStack):
    """Lambda Warden that also tells a central account."""

    def __init__(self, scope: Construct, id: str) -> None:  # noqa: A002 - CDK's own name for it
        """Hang a rule with a target of one's own on the bus of alerts."""
        super().__init__(scope, id, config=WardenConfig(owner="platform-team"))
        central = events.EventBus.from_event_bus_arn(self, "CentralBus", CENTRAL)
        events.Rule(
            self,
            "ToCentralAccount",
            event_bus=self.alerting.bus.bus,
            event_pattern=alert_pattern(muted_too=True),
            targets=[
                targets.EventBus(central, dead_letter_queue=DeadLetters(self, "NotForwarded").queue)
            ],
        )


if __name__ == "__main__":
    app = App()
    ForwardingWarden(app, "ForwardingWarden")
    app.synth()
