"""What surrounds a function, asked of an AWS; and whole scans that tell of it."""

import sys
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from functions.scanner.ask_lambda import function as ask_function
from functions.scanner.contents import InventoryStore
from functions.scanner.facts import NOT_ASKED, FunctionFacts
from functions.scanner.failure_handling import FailureHandling, ask_failure_handling
from functions.scanner.handler import scan
from functions.scanner.secrets import detector
from functions.scanner.secrets.found import CodeSecrets, SecretVariable
from functions.scanner.secrets.store import SecretsStore
from functions.scanner.surroundings import with_surroundings
from functions.shared.core.arn import FunctionArn
from functions.shared.core.packages import Inventory
from functions.shared.core.reading import Known, Unknown
from tests.unit.conftest import NOW, World
from tests.unit.shared.events import cloudtrail, enveloped

_PASSWORD = "kf8Hq2LmZp91xW"
_QUEUE = "arn:aws:sqs:eu-west-1:123456789012:failed"
_PIPELINE: dict[str, Any] = {
    "userIdentity": {"arn": "arn:aws:sts::123456789012:assumed-role/ci/AWSCloudFormation"},
    "userAgent": "cloudformation.amazonaws.com",
}
_ALICE: dict[str, Any] = {
    "userIdentity": {"arn": "arn:aws:iam::123456789012:user/alice"},
    "userAgent": "Mozilla/5.0",
}


def _identified(world: World, arn: FunctionArn) -> FunctionFacts:
    configuration, tags = ask_function(world.warden.aws.lambda_, arn)
    return FunctionFacts(arn, configuration=configuration, tags=tags)


def _set_variables(world: World, variables: Mapping[str, str]) -> FunctionArn:
    arn = world.create_function("orders")
    world.warden.aws.lambda_.update_function_configuration(
        FunctionName="orders", Environment={"Variables": variables}
    )
    return arn


def test_values_of_variables_end_where_names_and_kinds_begin(world: World) -> None:
    arn = _set_variables(world, {"DB_PASSWORD": _PASSWORD, "LEVEL": "INFO"})
    identified = _identified(world, arn)
    assert _PASSWORD not in repr(identified)
    facts = with_surroundings(identified, world.warden, NOW)
    assert facts.secret_variables == Known(
        (SecretVariable("DB_PASSWORD", "password", by_name=True),)
    )
    assert isinstance(facts.configuration, Known)
    assert facts.configuration.value.variables == NOT_ASKED


def test_variables_that_cannot_be_decrypted_are_unknown(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    arn = world.create_function("orders")
    client = world.warden.aws.lambda_
    answer: Any = client.get_function(FunctionName="orders")
    answer["Configuration"]["Environment"] = {
        "Error": {"ErrorCode": "AccessDeniedException", "Message": "kms:Decrypt"}
    }
    monkeypatch.setattr(client, "get_function", lambda **_: answer)
    facts = with_surroundings(_identified(world, arn), world.warden, NOW)
    assert facts.secret_variables == Unknown("decrypting the environment: AccessDeniedException")


def test_without_its_detector_the_scanner_says_what_it_did_not_search(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    arn = _set_variables(world, {"DB_PASSWORD": _PASSWORD})
    detector.scanner.cache_clear()
    monkeypatch.setitem(sys.modules, "kingfisher_sdk", None)
    facts = with_surroundings(_identified(world, arn), world.warden, NOW)
    assert facts.secret_variables == Unknown(
        "searching the environment for credentials: the detector cannot be loaded"
    )


def test_settings_for_asynchronous_invocation_are_read(world: World) -> None:
    arn = world.create_function("orders")
    client = world.warden.aws.lambda_
    assert ask_failure_handling(client, arn) == Known(FailureHandling())
    client.put_function_event_invoke_config(
        FunctionName="orders", DestinationConfig={"OnFailure": {"Destination": _QUEUE}}
    )
    assert ask_failure_handling(client, arn) == Known(
        FailureHandling(configured=True, targets=(_QUEUE,))
    )


def test_nothing_is_asked_about_a_function_that_cannot_be_read(world: World) -> None:
    unread = FunctionFacts(
        FunctionArn("aws", "eu-west-1", "123456789012", "gone"), configuration=Unknown("gone")
    )
    assert with_surroundings(unread, world.warden, NOW) is unread


def _create(world: World, name: str) -> None:
    """Create a function whose code was read before: this AWS has no place to download it from."""
    arn = world.create_function(name)
    answer = world.warden.aws.lambda_.get_function(FunctionName=str(arn))
    digest = answer["Configuration"]["CodeSha256"].replace("+", "-").replace("/", "_")
    s3, bucket = world.warden.aws.s3, world.warden.settings.bucket
    InventoryStore(s3, bucket).put(digest, Inventory())
    SecretsStore(s3, bucket).put(f"inventories/secrets-v3/{digest}.json", CodeSecrets())


def _deploy(world: World, minutes: int, who: dict[str, Any], name: str = "orders") -> list[str]:
    """Deliver the event of a deployment and list what is told about the deployer then."""
    at = datetime(2026, 3, 10, 11, 0, tzinfo=UTC) + timedelta(minutes=minutes)
    event = cloudtrail(
        "UpdateFunctionCode20150331v2",
        {"functionName": name},
        **who,
        eventTime=at.isoformat(),
    )
    scan(enveloped(event), world.warden, at + timedelta(minutes=5))
    return [state for state, _, rule in world.announced() if rule == "unfamiliar-deployer"]


def test_a_person_after_the_pipeline_is_told_of_once_and_until_familiar(world: World) -> None:
    _create(world, "orders")
    assert _deploy(world, 0, _PIPELINE) == []
    # The code is the same each time: events about it alone would be judged already.
    assert _deploy(world, 10, _ALICE) == ["opened"]
    assert _deploy(world, 10, _ALICE) == []
    assert _deploy(world, 20, _ALICE) == []
    # Coming back the same day makes nobody familiar who came past the pipeline.
    assert _deploy(world, 500, _ALICE) == []
    assert _deploy(world, 4 * 24 * 60, _ALICE) == []
    assert _deploy(world, 8 * 24 * 60, _ALICE) == ["resolved"]


def test_the_third_function_of_a_role_tells_of_it_and_its_end_resolves_it(world: World) -> None:
    reported = []
    for minute, name in enumerate(("a", "b", "c", "d")):
        _create(world, name)
        event = cloudtrail("CreateFunction20150331", {"functionName": name}, **_PIPELINE)
        scan(enveloped(event), world.warden, NOW + timedelta(minutes=minute))
        reported.append([state for state, _, rule in world.announced() if rule == "shared-role"])
    assert reported == [[], [], ["opened"], []]
    world.warden.aws.lambda_.delete_function(FunctionName="c")
    gone = cloudtrail("DeleteFunction20150331", {"functionName": "c"}, **_PIPELINE)
    gone["detail"]["eventTime"] = (NOW + timedelta(hours=1)).isoformat()
    scan(enveloped(gone), world.warden, NOW + timedelta(hours=1))
    assert ("resolved", "low", "shared-role") in world.announced()
