"""The tag-enforcer alone, with a tag policy of one's own, in a stack that has other things."""

from aws_cdk import App, Stack
from aws_cdk import aws_s3 as s3
from constructs import Construct

from functions.shared.config import TagPolicy, WardenConfig
from stacks.alert_topic import AlertTopic
from stacks.change_feed import ChangeFeed
from stacks.state_table import StateTable
from stacks.tag_enforcer import TagEnforcer

CONFIG = WardenConfig(
    name_prefix="data-tags",
    owner="data-platform",
    tags=TagPolicy(
        owner_tag="team",
        environment_tag="stage",
        expiry_tag="delete-after",
        environments=("live", "experimental"),
        expiring_environments=("experimental",),
        maximum_lifetime_days=30,
    ),
)


class DataPlatform(Stack):
    """A team's stack that now also watches the tags of the account's functions."""

    def __init__(self, scope: Construct, id: str) -> None:  # noqa: A002 - CDK's own name for it
        """Put the tag-enforcer beside what was there."""
        super().__init__(scope, id)
        s3.Bucket(self, "Lake", enforce_ssl=True)

        self.alerts = AlertTopic(self, "TagAlerts", emails=["data-platform@example.com"])
        state = StateTable(self, "TagState")
        enforcer = TagEnforcer(self, "TagEnforcer", config=CONFIG, alerts=self.alerts, state=state)
        ChangeFeed(self, "FunctionChanges", changes_to=[enforcer.queue], own=[enforcer.function])


if __name__ == "__main__":
    app = App()
    DataPlatform(app, "DataPlatform")
    app.synth()
