"""Attacks on functions as public reports describe them, replayed from old logs after a usual past.

The functions do not exist where the log is replayed: only events tell. The shapes follow published
accounts of the techniques (MITRE ATT&CK T1648 and T1525; the persistence techniques for Lambda of
public attack simulators): code overwritten with a user's key, a layer added, a way back let in. The
records themselves were written for this test.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest

from functions.scanner.handler import scan
from tests.unit.conftest import NOW, World
from tests.unit.shared.events import cloudtrail, enveloped

_PIPELINE: Final[dict[str, Any]] = {
    "userIdentity": {
        "type": "AssumedRole",
        "arn": "arn:aws:sts::123456789012:assumed-role/cdk-deploy-role/AWSCloudFormation",
    },
    "userAgent": "cloudformation.amazonaws.com",
}
_KEY: Final[dict[str, Any]] = {
    "userIdentity": {
        "type": "IAMUser",
        "arn": "arn:aws:iam::123456789012:user/backup-admin",
        "accessKeyId": "AKIAEXAMPLE",
    },
    "userAgent": "Boto3/1.26.90 Python/3.11 Linux/6.1 Botocore/1.29.90",
}
_CONSOLE: Final[dict[str, Any]] = {
    "userIdentity": {
        "type": "AssumedRole",
        "arn": "arn:aws:sts::123456789012:assumed-role/OrganizationAccountAccessRole/root",
    },
    "userAgent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/113",
}
_FOREIGN_LAYER: Final = "arn:aws:lambda:eu-west-1:999988887777:layer:telemetry:1"
_OWN_LAYER: Final = "arn:aws:lambda:eu-west-1:123456789012:layer:telemetry:1"
_THEN: Final = datetime(2023, 5, 1, 8, tzinfo=UTC)

Call = tuple[str, dict[str, Any], dict[str, Any]]

_PAST: Final[Sequence[Call]] = (
    ("CreateFunction20150331", {"runtime": "python3.9"}, _PIPELINE),
    ("UpdateFunctionCode20150331v2", {}, _PIPELINE),
    ("UpdateFunctionConfiguration20150331v2", {"timeout": 30}, _PIPELINE),
    ("UpdateFunctionCode20150331v2", {}, _PIPELINE),
)
_ATTACKS: Final[dict[str, Sequence[Call]]] = {
    "code overwritten with a user's key": [
        ("UpdateFunctionCode20150331v2", {"publish": False}, _KEY),
    ],
    "code overwritten in the console, and again a day later": [
        ("UpdateFunctionCode20150331v2", {}, _CONSOLE),
        ("UpdateFunctionCode20150331v2", {}, _CONSOLE),
    ],
    "a layer of another account": [
        ("UpdateFunctionConfiguration20150331v2", {"layers": [_FOREIGN_LAYER]}, _PIPELINE),
    ],
    "a layer of its own account, published by the intruder": [
        ("UpdateFunctionConfiguration20150331v2", {"layers": [_OWN_LAYER]}, _KEY),
    ],
    "a permission for another account": [
        (
            "AddPermission20150331v2",
            {"statementId": "b", "action": "lambda:*", "principal": "999988887777"},
            _KEY,
        ),
    ],
    "an alias moved to another version": [
        ("UpdateAlias20150331", {"name": "live", "functionVersion": "13"}, _KEY),
    ],
    "a URL for everybody": [
        ("CreateFunctionUrlConfig", {"authType": "NONE"}, _KEY),
    ],
}


def _replay(world: World, calls: Sequence[Call]) -> list[tuple[str, str, str]]:
    for day, (name, request, who) in enumerate(calls):
        at = _THEN + timedelta(days=day)
        event = cloudtrail(name, {"functionName": "orders", **request}, **who)
        event["detail"]["eventTime"] = at.isoformat()
        scan(enveloped(event), world.warden, NOW + timedelta(minutes=day))
    # That there are no advisories here is about Warden.
    return [one for one in world.announced() if one[2] != "stale-advisories"]


@pytest.mark.parametrize("attack", _ATTACKS)
def test_an_attack_after_a_usual_past_gives_a_high_alert(world: World, attack: str) -> None:
    usual = _replay(world, _PAST)
    assert not [rule for _, severity, rule in usual if severity in {"high", "critical"}], usual
    after = _replay(world, [*_PAST, *_ATTACKS[attack]])
    assert [rule for state, severity, rule in after if (state, severity) == ("opened", "high")], (
        after
    )


def test_an_old_log_is_judged_by_its_own_clock(world: World) -> None:
    """Python 3.9 was supported then, and is not now."""
    assert "retired-runtime" not in [rule for _, _, rule in _replay(world, _PAST)]
