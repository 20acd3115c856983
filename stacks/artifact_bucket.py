"""The bucket of inventories, advisories, lockfiles and what the detector knows."""

from typing import cast

from aws_cdk import Acknowledgment, Duration, Validations
from aws_cdk import aws_s3 as s3
from constructs import Construct

from functions.shared.core.report_keys import REPORTS
from stacks.reach import Reach
from stacks.target import Target


class ArtifactBucket(Construct):
    """A private, versioned bucket.

    Its prefixes are `inventories/`, `advisories/`, `lockfiles/`, `waivers/`, `evidence/`,
    `reports/`, `pictures/` and `detector/`. Overwritten and deleted objects stay recoverable for a
    week: the advisory index is written anew at each sync, and a bad one must not be the only one.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,  # noqa: A002 - CDK's own name for it
        *,
        keep_reports_days: int = 90,
        target: Target | None = None,
    ) -> None:
        """Make the bucket.

        Args:
            scope: Parent construct.
            id: Name within the parent.
            keep_reports_days: How long reports of the estate are kept.
            target: Where it runs; a real account where none is given.
        """
        super().__init__(scope, id)
        target = target or Target.aws()
        self.bucket = s3.Bucket(
            self,
            "Bucket",
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            encryption=s3.BucketEncryption.S3_MANAGED,
            enforce_ssl=True,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            versioned=True,
            lifecycle_rules=[
                s3.LifecycleRule(
                    id="forget-old-versions",
                    noncurrent_version_expiration=Duration.days(7),
                    expired_object_delete_marker=True,
                    abort_incomplete_multipart_upload_after=Duration.days(1),
                ),
                s3.LifecycleRule(
                    id="forget-old-reports",
                    prefix=REPORTS,
                    expiration=Duration.days(keep_reports_days),
                ),
                # Written every few minutes; what is lost is read again from CloudWatch.
                s3.LifecycleRule(
                    id="forget-old-detector-states",
                    prefix="detector/",
                    noncurrent_version_expiration=Duration.days(1),
                ),
                # Alerts link to them; nobody follows the link of an alert that old.
                s3.LifecycleRule(
                    id="forget-pictures",
                    prefix="pictures/",
                    expiration=Duration.days(90),
                    noncurrent_version_expiration=Duration.days(1),
                ),
            ],
            removal_policy=target.removal_policy,
        )
        # The L2 option for this brings a Lambda of its own; the property is all that is needed.
        resource = cast("s3.CfnBucket", self.bucket.node.default_child)
        resource.notification_configuration = s3.CfnBucket.NotificationConfigurationProperty(
            event_bridge_configuration=s3.CfnBucket.EventBridgeConfigurationProperty(
                event_bridge_enabled=True
            )
        )
        Validations.of(self.bucket).acknowledge(
            Acknowledgment(
                id="AwsSolutions-S1",
                reason="Only Warden's own functions use the bucket; CloudTrail data events record "
                "their access where an account wants it, without a second bucket to keep.",
            )
        )

    @property
    def reach(self) -> Reach:
        """What a function that uses the bucket works with."""
        return Reach({"bucket": self.bucket.bucket_arn}, {"WARDEN_BUCKET": self.bucket.bucket_name})
