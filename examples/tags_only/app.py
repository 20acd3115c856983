"""The tag-enforcer alone, with a tag policy of one's own, in a stack that has other things."""

from pathlib import Path

from aws_cdk import App, Stack
from aws_cdk import aws_s3 as s3
from constructs import Construct

from lambda_warden.constructs import Alerting, ArtifactBucket, ChangeFeed, StateTable, TagEnforcer
from lambda_warden.settings import TagPolicy, WardenConfig

CONFIG = WardenConfig(
    name_prefix="data-tags",
    owner="data-platform",
    alert_emails=("data-platform@example.com",),
    tags=TagPolicy(
        owner_tag="team",
        environment_tag="stage",
        expiry_tag="delete-after",
    ),
    policy=str(Path(__file__).parent / "policy.yaml"),
)


class DataPlatform(Stack):
    """A team's stack that now also watches the tags of the account's functions."""

    def __init__(self, scope: Construct, id: str) -> None:  # noqa: A002 - CDK's own name for it
        """Put the tag-enforcer beside what was there."""
        super().__init__(scope, id)
        s3.Bucket(self, "Lake", enforce_ssl=True)

        self.alerting = Alerting(
            self,
            "TagAlerts",
            config=CONFIG,
            state=StateTable(self, "TagState"),
            artifacts=ArtifactBucket(self, "TagEvidence"),
        )
        enforcer = TagEnforcer(self, "TagEnforcer", config=CONFIG, alerting=self.alerting)
        ChangeFeed(self, "FunctionChanges", changes_to=[enforcer.queue], own=[enforcer.function])


if __name__ == "__main__":
    app = App()
    DataPlatform(app, "DataPlatform")
    app.synth()
