"""A part that was taken over writes its own items only."""

import pytest
from botocore.exceptions import ClientError

from tests.integration.stack.scene import Scene
from tests.integration.trust.attacker import Attacker

LEDGER = ("CAPS", "LIMITS", "CAP_SLOTS", "GUARD", "RUNAWAYS", "AUDIT#arn:x")


@pytest.mark.parametrize("part", ["scanner", "tag-enforcer", "anomaly-detector", "sweep"])
def test_no_other_part_writes_the_guards_ledger(scene: Scene, part: str) -> None:
    tables = scene.aws.client("dynamodb").list_tables()["TableNames"]
    (table,) = (one for one in tables if "State" in one)
    theirs = Attacker.in_the_role_of(scene, part).client("dynamodb")
    for pk in LEDGER:
        key = {"pk": {"S": pk}, "sk": {"S": "arn:aws:lambda:x"}}
        with pytest.raises(ClientError, match="AccessDenied"):
            theirs.update_item(
                TableName=table,
                Key=key,
                UpdateExpression="SET cap = :v",
                ExpressionAttributeValues={":v": {"N": "300"}},
            )
    own = {"pk": {"S": "FUNCTION#arn:x"}, "sk": {"S": "TEST"}}
    theirs.update_item(
        TableName=table,
        Key=own,
        UpdateExpression="SET cap = :v",
        ExpressionAttributeValues={":v": {"N": "300"}},
    )
