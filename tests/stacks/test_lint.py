"""The templates against CloudFormation's own resource schemas, by cfn-lint."""

import json
from importlib import import_module

import pytest

from tests.stacks.conftest import Synthesize

# The CDK itself writes a DependsOn beside a reference; it does no harm.
WRITTEN_BY_THE_CDK = ("W3005",)
EVERYTHING = {
    "alert_emails": ["ops@example.com"],
    "guard": {
        "mode": "enforce",
        "quarantine": {"reasons": ["lifecycle", "known-exploited"]},
        "budget": {"owners": {"shop": {"monthly_usd": 50}}},
    },
    "notifications": {
        "chat": True,
        "digest": "daily",
        "routes": [{"name": "shop", "owners": ["shop"]}],
    },
    "advisories": {
        "location": "s3://mirror/osv",
        "known_exploited": "s3://mirror/kev/known_exploited_vulnerabilities.json",
    },
    "trace_busy_parts": True,
}


def _problems(template: object, *, but: tuple[str, ...] = ()) -> list[str]:
    # Imported late: it takes seconds, in every process that collects tests.
    cfnlint = import_module("cfnlint.api")
    config = cfnlint.ManualArgs(regions=["eu-west-1"], ignore_checks=list(but))
    found = cfnlint.lint(json.dumps(template), config=config)
    return [f"{one.rule.id} {one.message}" for one in found]


@pytest.mark.parametrize("settings", [None, EVERYTHING], ids=["shipped", "everything"])
def test_cfn_lint_finds_nothing(settings: object, synthesize: Synthesize) -> None:
    assert _problems(synthesize(settings).template, but=WRITTEN_BY_THE_CDK) == []


def test_cfn_lint_would_find_a_wrong_value(synthesize: Synthesize) -> None:
    resource = next(
        one
        for one in synthesize().template["Resources"].values()
        if one["Type"] == "AWS::Logs::LogGroup"
    )
    wrong = {**resource, "Properties": {**resource["Properties"], "RetentionInDays": 8}}
    assert "8 is not one of" in " ".join(_problems({"Resources": {"Log": wrong}}))
