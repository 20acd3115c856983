"""Code that Lambda does not give out: its own reason is what people read."""

from typing import Any

import pytest

from functions.scanner.ask_lambda import function as ask_function
from functions.scanner.contents import InventoryStore, read_contents
from functions.scanner.facts import Configuration
from functions.scanner.rules.unread_contents import check
from functions.scanner.rules.vulnerable_package import check as vulnerable
from functions.scanner.vulnerabilities.finding import MatchResult
from functions.shared.core.packages import Inventory
from functions.shared.core.reading import Known
from tests.unit.conftest import World
from tests.unit.scanner.rules.known import facts, setting

_DENIED = {"ErrorCode": "AccessDeniedException", "Message": "User is not authorized: kms:Decrypt"}


def _configuration(
    world: World, monkeypatch: pytest.MonkeyPatch, code: dict[str, Any], **more: Any
) -> Configuration:
    arn = world.create_function("orders")
    client = world.warden.aws.lambda_
    answer: Any = client.get_function(FunctionName="orders")
    answer["Code"] = code
    answer["Configuration"] |= more
    monkeypatch.setattr(client, "get_function", lambda **_: answer)
    configuration, _ = ask_function(client, arn)
    assert isinstance(configuration, Known)
    return configuration.value


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ({"Error": _DENIED}, ["AccessDeniedException", "kms:Decrypt"]),
        (
            {"Error": _DENIED, "SourceKMSKeyArn": "arn:aws:kms:eu-west-1:1:key/k"},
            ["encrypted with arn:aws:kms:eu-west-1:1:key/k"],
        ),
        (
            {"Error": _DENIED, "ResolvedS3Object": {"S3Bucket": "ours", "S3Key": "app.zip"}},
            ["the code stays in s3://ours/app.zip"],
        ),
        ({}, ["no place to download it from"]),
    ],
)
def test_the_services_own_reason_is_said(
    world: World, monkeypatch: pytest.MonkeyPatch, code: dict[str, Any], said: list[str]
) -> None:
    configuration = _configuration(world, monkeypatch, code)
    store = InventoryStore(world.warden.aws.s3, world.warden.settings.bucket)
    inventory = read_contents(configuration, world.warden.aws.lambda_, store).inventory
    known = facts(inventory=inventory, matches=MatchResult())
    (finding,) = check(known, setting()).findings
    assert all(one in finding.reason for one in said)
    assert "no answer" not in finding.reason
    assert not vulnerable(known, setting()).certain


def test_code_that_was_read_before_stays_known(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    configuration = _configuration(world, monkeypatch, {"Error": _DENIED})
    store = InventoryStore(world.warden.aws.s3, world.warden.settings.bucket)
    digest = configuration.code_sha256.replace("+", "-").replace("/", "_")
    store.put(digest, Inventory())
    contents = read_contents(configuration, world.warden.aws.lambda_, store)
    assert contents.inventory == Inventory()


def test_mounted_file_systems_are_named_and_keep_no_alert_open(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    mount = {"Arn": "arn:aws:elasticfilesystem:eu-west-1:1:access-point/fsap-1"}
    configuration = _configuration(
        world,
        monkeypatch,
        {"Location": "https://x.example"},
        FileSystemConfigs=[mount | {"LocalMountPath": "/mnt/models"}],
    )
    store = InventoryStore(world.warden.aws.s3, world.warden.settings.bucket)
    store.put(configuration.code_sha256.replace("+", "-").replace("/", "_"), Inventory())
    inventory = read_contents(configuration, world.warden.aws.lambda_, store).inventory
    known = facts(inventory=inventory, matches=MatchResult())
    (finding,) = check(known, setting()).findings
    assert "/mnt/models" in finding.reason
    assert vulnerable(known, setting()).certain
