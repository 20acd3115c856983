"""The state table in an emulated DynamoDB, for what is about DynamoDB itself."""

from typing import TYPE_CHECKING

from functions.shared.state.dynamo_table import DynamoTable
from functions.shared.state.table import AGENDA_INDEX

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import KeySchemaElementTypeDef


def create_table(client: "DynamoDBClient") -> DynamoTable:
    """Make the state table as the stack does."""

    def keys(hash_: str, range_: str) -> "list[KeySchemaElementTypeDef]":
        return [
            {"AttributeName": hash_, "KeyType": "HASH"},
            {"AttributeName": range_, "KeyType": "RANGE"},
        ]

    client.create_table(
        TableName="state",
        AttributeDefinitions=[
            {"AttributeName": name, "AttributeType": "N" if name == "due" else "S"}
            for name in ("pk", "sk", "agenda", "due")
        ],
        KeySchema=keys("pk", "sk"),
        GlobalSecondaryIndexes=[
            {
                "IndexName": AGENDA_INDEX,
                "KeySchema": keys("agenda", "due"),
                "Projection": {"ProjectionType": "KEYS_ONLY"},
            }
        ],
        BillingMode="PAY_PER_REQUEST",
    )
    return DynamoTable(client, "state")
