"""The table of what Warden remembers between two events."""

from aws_cdk import aws_dynamodb as dynamodb
from constructs import Construct

from functions.shared.state.table import AGENDA_INDEX
from stacks.reach import Reach
from stacks.target import Target


class StateTable(Construct):
    """One DynamoDB table, on demand, whose items expire by `expires_at` (seconds since 1970).

    An index lists what is due when, by the attributes `agenda` and `due`.
    """

    def __init__(self, scope: Construct, id: str, *, target: Target | None = None) -> None:  # noqa: A002 - CDK's own name for it
        """Make the table; it can be restored to any second of the last 35 days."""
        super().__init__(scope, id)
        target = target or Target.aws()
        self.table = dynamodb.Table(
            self,
            "Table",
            partition_key=dynamodb.Attribute(name="pk", type=dynamodb.AttributeType.STRING),
            sort_key=dynamodb.Attribute(name="sk", type=dynamodb.AttributeType.STRING),
            billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
            time_to_live_attribute="expires_at",
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=True
            ),
            removal_policy=target.removal_policy,
            deletion_protection=target.keeps_data,
        )
        self.table.add_global_secondary_index(
            index_name=AGENDA_INDEX,
            partition_key=dynamodb.Attribute(name="agenda", type=dynamodb.AttributeType.STRING),
            sort_key=dynamodb.Attribute(name="due", type=dynamodb.AttributeType.NUMBER),
            # What changes often is not in it, and costs no second write.
            projection_type=dynamodb.ProjectionType.KEYS_ONLY,
        )

    @property
    def reach(self) -> Reach:
        """What a function that remembers works with."""
        return Reach({"table": self.table.table_arn}, {"WARDEN_TABLE": self.table.table_name})
