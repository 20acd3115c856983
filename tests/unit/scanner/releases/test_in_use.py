"""Whole scans of a function whose production runs another version than $LATEST."""

import io
import zipfile
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from functions.scanner.contents import InventoryStore
from functions.scanner.handler import scan
from functions.scanner.releases.ask import EventSources, aliases, provisioned
from functions.scanner.releases.release import Alias
from functions.scanner.secrets.found import CodeSecrets, SecretPlace
from functions.scanner.secrets.store import SecretsStore
from functions.shared.core.packages import Inventory
from functions.shared.core.reading import Known
from tests.unit.conftest import NOW, World
from tests.unit.shared.events import cloudtrail, enveloped

_LEAK = CodeSecrets((SecretPlace("settings.py", 3, "aws secret access key"),))


def _was_read(world: World, secrets: CodeSecrets) -> None:
    """The present code was read before: this AWS has no place to download it from."""
    answer = world.warden.aws.lambda_.get_function(FunctionName="orders")
    digest = answer["Configuration"]["CodeSha256"].replace("+", "-").replace("/", "_")
    s3, bucket = world.warden.aws.s3, world.warden.settings.bucket
    InventoryStore(s3, bucket).put(digest, Inventory())
    SecretsStore(s3, bucket).put(f"inventories/secrets-v3/{digest}.json", secrets)


def _deploy(world: World, text: str) -> None:
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("app.py", text)
    world.warden.aws.lambda_.update_function_code(FunctionName="orders", ZipFile=package.getvalue())


def _look(world: World, minutes: int, call: str) -> list[tuple[str, str]]:
    event = cloudtrail(call, {"functionName": "orders"}, eventTime=NOW.isoformat())
    scan(enveloped(event), world.warden, NOW + timedelta(minutes=minutes))
    concerned = {"secrets-in-code", "world-open-policy"}
    return [(state, rule) for state, _, rule in world.announced() if rule in concerned]


def test_production_on_an_old_version_keeps_its_alerts_until_it_moves(world: World) -> None:
    client = world.warden.aws.lambda_
    world.create_function("orders")
    _was_read(world, _LEAK)
    client.publish_version(FunctionName="orders")
    client.create_alias(FunctionName="orders", Name="live", FunctionVersion="1")
    client.add_permission(
        FunctionName="orders",
        StatementId="public",
        Action="lambda:InvokeFunction",
        Principal="*",
        Qualifier="live",
    )
    assert sorted(_look(world, 1, "UpdateAlias20150331")) == [
        ("opened", "secrets-in-code"),
        ("opened", "world-open-policy"),
    ]
    _deploy(world, "FIXED = True\n")
    _was_read(world, CodeSecrets())
    assert _look(world, 2, "UpdateFunctionCode20150331v2") == [("updated", "secrets-in-code")]
    client.publish_version(FunctionName="orders")
    client.update_alias(FunctionName="orders", Name="live", FunctionVersion="2")
    assert _look(world, 3, "UpdateAlias20150331") == [("resolved", "secrets-in-code")]


def test_aliases_are_listed_with_their_weights(world: World) -> None:
    arn = world.create_function("orders")
    client = world.warden.aws.lambda_
    assert aliases(client, arn) == Known(())
    client.publish_version(FunctionName="orders")
    client.create_alias(
        FunctionName="orders",
        Name="live",
        FunctionVersion="1",
        RoutingConfig={"AdditionalVersionWeights": {"2": 0.25}},
    )
    found = aliases(client, arn)
    assert isinstance(found, Known)
    (alias,) = found.value
    assert alias == Alias("live", "1", (("2", 0.25),), alias.revision)


def test_no_provisioned_concurrency_is_none(world: World) -> None:
    assert provisioned(world.warden.aws.lambda_, world.create_function("orders")) == Known(())


class _Pages:
    """A client that counts how often the mappings of the region are listed."""

    def __init__(self) -> None:
        self.listed = 0
        self.mappings = [{"FunctionArn": f"{_ORDERS}:live"}, {"FunctionArn": f"{_ORDERS}"}]

    def get_paginator(self, _: str) -> "_Pages":
        return self

    def paginate(self) -> list[dict[str, Any]]:
        self.listed += 1
        return [{"EventSourceMappings": self.mappings[:1]}, {"EventSourceMappings": []}]


_ORDERS = "arn:aws:lambda:eu-west-1:123456789012:function:orders"


@pytest.fixture
def clock() -> tuple[list[float], Callable[[], float]]:
    """A clock that stands still until it is moved."""
    now = [0.0]
    return now, lambda: now[0]


def test_event_sources_are_listed_once_for_many_functions(
    clock: tuple[list[float], Callable[[], float]], world: World
) -> None:
    now, read = clock
    client: Any = _Pages()
    sources = EventSources(client, read)
    orders, other = (world.create_function(name) for name in ("orders", "other"))
    assert sources.of(orders) == Known(("live",))
    assert sources.of(other) == Known(())
    assert client.listed == 1
    assert sources.of(orders, fresh=True) == Known(("live",))
    now[0] = 301.0
    sources.of(other)
    assert client.listed == 3
