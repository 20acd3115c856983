"""Where the schedules live that lift a limit on time."""

from aws_cdk import Aws, RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_scheduler as scheduler
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from stacks.permissions.places import Places
from stacks.permissions.policy import policy_document
from stacks.permissions.roles.guard import RESTORE_SCHEDULES
from stacks.reach import Reach


class RestoreSchedules(Construct):
    """A Scheduler group, and the role of its schedules, which may write to one queue only.

    Both exist in every mode: a group that went away with enforce mode would take the schedules
    of limits still in force with it.

    Attributes:
        group_name: Name of the group.
        role: The role that the schedules assume.
    """

    def __init__(self, scope: Construct, id: str, *, prefix: str, queue: sqs.IQueue) -> None:  # noqa: A002 - CDK's own name for it
        """Make group and role.

        Args:
            scope: Parent construct.
            id: Name within the parent.
            prefix: Start of the group's name.
            queue: Where the schedules send their reminder.
        """
        super().__init__(scope, id)
        self.group_name = f"{prefix}-guard-restores"
        group = scheduler.ScheduleGroup(self, "Group", schedule_group_name=self.group_name)
        # Kept by default: its name would then be taken when the stack is deployed again. A stack
        # goes only when no limit is left to be lifted, so nothing is lost with it.
        group.apply_removal_policy(RemovalPolicy.DESTROY)
        self.role = iam.Role(
            self,
            "Role",
            description="Reminds the guard that a limit's time is over",
            # Scheduler user guide, "Confused deputy prevention": the source is the group.
            assumed_by=iam.ServicePrincipal(
                "scheduler.amazonaws.com",
                conditions={
                    "StringEquals": {
                        "aws:SourceAccount": Aws.ACCOUNT_ID,
                        "aws:SourceArn": group.schedule_group_arn,
                    }
                },
            ),
            inline_policies={
                "Permissions": policy_document(
                    RESTORE_SCHEDULES, Places(prefix=prefix, queue=queue.queue_arn)
                )
            },
        )

    @property
    def reach(self) -> Reach:
        """What who makes such schedules works with."""
        role = self.role.role_arn
        return Reach(
            {"schedule_group": self.group_name, "schedule_role": role},
            {"WARDEN_SCHEDULE_GROUP": self.group_name, "WARDEN_SCHEDULE_ROLE_ARN": role},
        )
