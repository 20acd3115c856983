"""The partition keys that a request of DynamoDB names. Pure.

Source: DynamoDB API reference, the request syntax of each action.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

_EQUALS = re.compile(r"([#\w.]+)\s*=\s*(:\w+)")
# An item of a batch or a transaction is in one of these.
_WITHIN = ("Put", "Update", "Delete", "Get", "ConditionCheck", "PutRequest", "DeleteRequest")


def leading_keys(request: Mapping[str, Any], partition_key: str) -> list[str]:
    """The values of partition keys in a request, each once; none where it reads a whole table.

    Args:
        request: The request's body.
        partition_key: Name of the attribute; empty for batches and transactions of any table, of
            which the first attribute of each key counts.
    """
    return list(dict.fromkeys(_keys(request, partition_key)))


def _keys(request: Mapping[str, Any], name: str) -> Iterator[str]:
    for holder in ("Key", "Item"):
        if isinstance(held := request.get(holder), dict):
            yield from _value(held, name)
    if isinstance(request.get("KeyConditionExpression"), str):
        yield from _asked_for(request, name)
    for one in request.get("TransactItems") or []:
        yield from _within(one, name)
    for asked in (request.get("RequestItems") or {}).values():
        yield from _batched(asked, name)


def _asked_for(request: Mapping[str, Any], name: str) -> Iterator[str]:
    names = request.get("ExpressionAttributeNames") or {}
    values = request.get("ExpressionAttributeValues") or {}
    for attribute, mark in _EQUALS.findall(request["KeyConditionExpression"]):
        if names.get(attribute, attribute) == name and mark in values:
            yield from _value({name: values[mark]}, name)


def _batched(asked: Any, name: str) -> Iterator[str]:
    if isinstance(asked, dict):
        for key in asked.get("Keys") or []:
            yield from _value(key, name)
        return
    for one in asked:
        yield from _within(one, name)


def _within(one: Mapping[str, Any], name: str) -> Iterator[str]:
    for kind in _WITHIN:
        if isinstance(inner := one.get(kind), dict):
            yield from _keys(inner, name)


def _value(held: Mapping[str, Any], name: str) -> Iterator[str]:
    chosen = held.get(name or "pk", next(iter(held.values()), {}))
    if isinstance(chosen, dict) and chosen:
        yield str(next(iter(chosen.values())))
