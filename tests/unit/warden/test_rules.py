"""`warden rules`: the settings applied to the catalogue, as people and programs read it."""

import json
from pathlib import Path
from typing import Any

from functions.shared.config import WardenConfig
from functions.shared.core.rules import RULES, rule
from functions.shared.policy.read import default_policy
from tests.unit.warden.conftest import Desk
from warden.rule_table import rule_table

ROUTED = {
    "alert_emails": ["platform@example.com"],
    "severity": {"overrides": [{"rules": ["tag-policy"], "severity": "low"}]},
    "notifications": {
        "routes": [
            {"name": "payments", "owners": ["payments"], "emails": ["payments@example.com"]},
            {"name": "security", "kinds": ["enforcement"], "severities": ["critical", "high"]},
        ]
    },
}


def written(tmp_path: Path, settings: dict[str, Any]) -> str:
    file = tmp_path / "cdk.json"
    file.write_text(json.dumps({"context": {"warden": settings}}), encoding="utf-8")
    return str(file)


def test_every_rule_is_there_by_the_deployed_settings(desk: Desk) -> None:
    rows = desk.read("rules")
    assert [row["rule"] for row in rows] == list(RULES)
    environments = {*default_policy().environments, "unknown"}
    assert all(set(row["environments"]) == environments for row in rows)


def test_a_risk_is_medium_everywhere_and_a_failing_production_may_be_critical(desk: Desk) -> None:
    (risk,) = desk.read("rules", "retired-runtime")
    assert all("high" not in one["severities"] for one in risk["environments"].values())
    (failing,) = desk.read("rules", "error-rate")
    assert "critical" in failing["environments"]["production"]["severities"]
    assert "critical" not in failing["environments"]["experimental"]["severities"]


def test_a_file_of_settings_says_who_is_told(desk: Desk, tmp_path: Path) -> None:
    rows = {
        row["rule"]: row["environments"]["production"]
        for row in desk.read("rules", "--settings", written(tmp_path, ROUTED))
    }
    assert rows["tag-policy"] == {"severities": ["low"], "told": ["digest"], "emails": []}
    assert rows["guard-stopped"]["told"] == [
        "lambda-warden-alerts-payments",
        "lambda-warden-alerts-security",
    ]
    assert rows["traces-unread"]["told"] == ["lambda-warden-alerts-payments", "main topic"]
    assert rows["traces-unread"]["emails"] == ["payments@example.com", "platform@example.com"]


def test_without_a_digest_nothing_waits_for_it() -> None:
    config = WardenConfig.model_validate({"notifications": {"digest": "off"}})
    (row,) = rule_table(config, ["production"], [rule("shared-role")])
    assert {one.told for one in row.places} == {("main topic",)}
    (row,) = rule_table(WardenConfig(), ["production"], [rule("shared-role")])
    assert {one.told for one in row.places} == {("digest",)}


def test_people_read_one_line_where_all_environments_agree(desk: Desk) -> None:
    shown = desk.look("rules", "shared-role", columns=160)
    assert shown.split() == [
        *["RULE", "KIND", "ITS", "OWN", "ENVIRONMENT", "SEVERITY", "TOLD", "TO", "E-MAIL"],
        *["shared-role", "exposure", "low", "all", "low", "digest"],
    ]


def test_what_does_not_exist_is_refused(desk: Desk, tmp_path: Path) -> None:
    assert "There is no rule tag-policys" in desk.refused("rules", "tag-policys")
    wrong = written(
        tmp_path, {"severity": {"overrides": [{"rules": ["owner"], "severity": "low"}]}}
    )
    assert "severity.overrides.0" in desk.refused("rules", "--settings", wrong)
    (tmp_path / "cdk.json").write_text("[", encoding="utf-8")
    assert "is no cdk.json" in desk.refused("rules", "--settings", wrong)
