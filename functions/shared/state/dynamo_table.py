"""The state table as it is deployed: DynamoDB."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from functions.shared.aws.clients import ClientError, error_code
from functions.shared.core.batches import batches
from functions.shared.state.table import AGENDA_INDEX, ConflictError, Item, Value

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import (
        AttributeValueTypeDef,
        PutItemInputTypeDef,
        UpdateItemInputTypeDef,
    )

_KEYS_AT_ONCE: Final = 100  # that BatchGetItem takes


class DynamoTable:
    """The deployed table. See `Table` for what the methods mean."""

    def __init__(self, client: "DynamoDBClient", name: str) -> None:
        self._client = client
        self._name = name

    def get(self, pk: str, sk: str) -> Item | None:
        """See `Table.get`."""
        answer = self._client.get_item(
            TableName=self._name, Key={"pk": {"S": pk}, "sk": {"S": sk}}, ConsistentRead=True
        )
        item = answer.get("Item")
        return _plain(item) if item else None

    def get_many(
        self, keys: Sequence[tuple[str, str]], *, consistent: bool = False
    ) -> Iterator[Item]:
        """See `Table.get_many`."""
        for batch in batches(keys, _KEYS_AT_ONCE):
            wanted: list[Mapping[str, AttributeValueTypeDef]] = [
                {"pk": {"S": pk}, "sk": {"S": sk}} for pk, sk in batch
            ]
            while wanted:
                answer = self._client.batch_get_item(
                    RequestItems={self._name: {"Keys": wanted, "ConsistentRead": consistent}}
                )
                yield from map(_plain, answer["Responses"].get(self._name, []))
                left = answer.get("UnprocessedKeys", {}).get(self._name)
                wanted = list(left["Keys"]) if left else []

    def query(self, pk: str, prefix: str = "") -> Iterator[Item]:
        """See `Table.query`."""
        starts = " AND begins_with(sk, :prefix)" if prefix else ""
        pages = self._client.get_paginator("query").paginate(
            TableName=self._name,
            KeyConditionExpression=f"pk = :pk{starts}",
            ExpressionAttributeValues={
                ":pk": {"S": pk},
                **({":prefix": {"S": prefix}} if prefix else {}),
            },
            ConsistentRead=True,
        )
        for page in pages:
            yield from (_plain(item) for item in page["Items"])

    def due(self, agenda: str, until: int) -> Iterator[tuple[str, str]]:
        """See `Table.due`."""
        pages = self._client.get_paginator("query").paginate(
            TableName=self._name,
            IndexName=AGENDA_INDEX,
            KeyConditionExpression="agenda = :agenda AND due <= :until",
            ExpressionAttributeValues={":agenda": {"S": agenda}, ":until": {"N": str(until)}},
        )
        for page in pages:
            yield from ((item["pk"]["S"], item["sk"]["S"]) for item in page["Items"])

    def put(self, item: Item, *, unless_exists: bool = False, revision: int | None = None) -> None:
        """See `Table.put`."""
        request: PutItemInputTypeDef = {
            "TableName": self._name,
            "Item": {key: _typed(value) for key, value in item.items()},
        }
        if unless_exists:
            request["ConditionExpression"] = "attribute_not_exists(pk)"
        elif revision is not None:
            request["ConditionExpression"] = "revision = :revision"
            request["ExpressionAttributeValues"] = {":revision": {"N": str(revision)}}
        with _conflicts():
            self._client.put_item(**request)

    def put_together(self, items: Sequence[Item]) -> None:
        """See `Table.put_together`."""
        with _conflicts():
            self._client.transact_write_items(
                TransactItems=[
                    {
                        "Put": {
                            "TableName": self._name,
                            "Item": {key: _typed(value) for key, value in item.items()},
                            "ConditionExpression": "attribute_not_exists(pk)",
                        }
                    }
                    for item in items
                ]
            )

    def update(
        self,
        pk: str,
        sk: str,
        values: Item,
        *,
        first: Item | None = None,
        where: Item | None = None,
        remove: Sequence[str] = (),
    ) -> Item:
        """See `Table.update`."""
        first, where = first or {}, where or {}
        names = list(dict.fromkeys([*values, *first, *where, *remove]))
        alias = {name: f"#n{index}" for index, name in enumerate(names)}
        sets = [f"{alias[name]} = :v_{name}" for name in values]
        sets += [f"{alias[name]} = if_not_exists({alias[name]}, :f_{name})" for name in first]
        parameters = {
            **{f":v_{name}": _typed(value) for name, value in values.items()},
            **{f":f_{name}": _typed(value) for name, value in first.items()},
            **{f":w_{name}": _typed(value) for name, value in where.items()},
        }
        request: UpdateItemInputTypeDef = {
            "TableName": self._name,
            "Key": {"pk": {"S": pk}, "sk": {"S": sk}},
            "UpdateExpression": f"SET {', '.join(sets)}"
            + (f" REMOVE {', '.join(alias[name] for name in remove)}" if remove else ""),
            "ExpressionAttributeNames": {mark: name for name, mark in alias.items()},
            "ExpressionAttributeValues": parameters,
            "ReturnValues": "ALL_NEW",
        }
        if where:
            request["ConditionExpression"] = " AND ".join(
                f"{alias[name]} = :w_{name}" for name in where
            )
        with _conflicts():
            answer = self._client.update_item(**request)
        return _plain(answer["Attributes"])

    def add(self, pk: str, sk: str, name: str, by: int, *, first: Item) -> None:
        """See `Table.add`."""
        alias = {one: f"#f{index}" for index, one in enumerate(first)}
        sets = [f"{mark} = if_not_exists({mark}, :f_{one})" for one, mark in alias.items()]
        self._client.update_item(
            TableName=self._name,
            Key={"pk": {"S": pk}, "sk": {"S": sk}},
            UpdateExpression=f"SET {', '.join(sets)} ADD #n :by",
            ExpressionAttributeNames={"#n": name, **{mark: one for one, mark in alias.items()}},
            ExpressionAttributeValues={
                ":by": _typed(by),
                **{f":f_{one}": _typed(value) for one, value in first.items()},
            },
        )

    def delete(self, pk: str, sk: str) -> None:
        """See `Table.delete`."""
        self._client.delete_item(TableName=self._name, Key={"pk": {"S": pk}, "sk": {"S": sk}})


@contextmanager
def _conflicts() -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        if _is_conflict(error):
            raise ConflictError("the item changed since it was read") from error
        raise


def _is_conflict(error: ClientError) -> bool:
    if error_code(error) == "ConditionalCheckFailedException":
        return True
    reasons = error.response.get("CancellationReasons", [])
    return any(reason.get("Code") == "ConditionalCheckFailed" for reason in reasons)


def _typed(value: Value) -> "AttributeValueTypeDef":
    if isinstance(value, bool):
        return {"BOOL": value}
    if isinstance(value, int):
        return {"N": str(value)}
    return {"S": value}


def _plain(item: Mapping[str, "AttributeValueTypeDef"]) -> Item:
    plain: dict[str, Value] = {}
    for key, typed in item.items():
        if "S" in typed:
            plain[key] = typed["S"]
        elif "N" in typed:
            plain[key] = int(typed["N"])
        elif "BOOL" in typed:
            plain[key] = typed["BOOL"]
    return plain
