"""The `warden` block: a wrong value stops with the field's name and the fix."""

from typing import Any

import pytest

from functions.shared.aws.settings import Settings, SettingsError
from functions.shared.config import ConfigError, Mode, load_config


def test_nothing_said_means_safe_defaults() -> None:
    config = load_config(None)
    assert config == load_config({})
    assert not config.guard.acts
    assert config.guard.mode_of("production") is Mode.DRY_RUN


@pytest.mark.parametrize("mode", list(Mode))
def test_a_function_without_a_known_environment_is_never_acted_on(mode: Mode) -> None:
    config = load_config({"guard": {"mode": mode.value, "modes": {"experimental": "enforce"}}})
    assert config.guard.mode_of("") is (Mode.OFF if mode is Mode.OFF else Mode.DRY_RUN)
    assert config.guard.mode_of("production") is mode
    assert config.guard.mode_of("experimental") is Mode.ENFORCE
    assert config.guard.acts


@pytest.mark.parametrize(
    ("block", "message"),
    [
        ({"detektor": {}}, "warden.detektor: no such setting"),
        ({"guard": {"mode": "enforced"}}, "warden.guard.mode"),
        ({"tags": {"environments": ["lab"]}}, "warden.tags.environments: no such setting"),
        ({"detector": {"tick_minutes": 15}}, "set looks.active_minutes"),
        ({"detector": {"looks": {"active_minutes": 7}}}, "warden.detector.looks.active_minutes"),
        (
            {"detector": {"looks": {"active_minutes": 60, "quiet_minutes": 30}}},
            "must not be shorter than active_minutes",
        ),
        ({"detector": {"signals": {"everywhere": ["ram"]}}}, "warden.detector.signals.everywhere"),
        ({"guard": {"budget": {"owners": {"shop": {}}}}}, "name monthly_usd, hourly_usd or both"),
        ({"exempt_functions": ["*"]}, "would exempt every function"),
        ({"exempt_functions": [""]}, "neither a function's name nor a prefix"),
        ({"exempt_functions": ["legacy-?"]}, "write 'name' or 'prefix-*'"),
        ({"scanner": {"trusted_accounts": ["12345"]}}, "warden.scanner.trusted_accounts.0"),
        ({"advisories": {"location": "http://x"}}, "must start with https:// or s3://"),
        ({"advisories": {"known_exploited": "http://x/kev.json"}}, "must start with https://"),
        ({"advisories": {"known_exploited": "no"}}, "must start with https:// or s3://"),
        ({"advisories": {"known_exploited": "https://x/"}}, "must name a file, or be 'off'"),
        ({"advisories": {"known_exploited": "s3://bucket"}}, "must name a file, or be 'off'"),
        ({"guard": {"quarantine": {"after_expiry_days": -1}}}, "after_expiry_days"),
        ([], "warden"),
        ("", "warden"),
    ],
)
def test_a_wrong_value_is_named_with_its_field(block: Any, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load_config(block)
    assert message in str(caught.value)


def test_a_huge_value_does_not_flood_the_message() -> None:
    with pytest.raises(ConfigError) as caught:
        load_config({"sweep_hours": "x" * 100_000})
    assert len(str(caught.value)) < 500


ENVIRONMENT = {"WARDEN_ACCOUNT": "123456789012", "AWS_REGION": "eu-west-1"}


def test_settings_come_from_the_environment() -> None:
    config = '{"guard":{"mode":"enforce"}}'
    settings = Settings.from_environment(ENVIRONMENT | {"WARDEN_CONFIG": config})
    assert settings.region == "eu-west-1"
    assert settings.config.guard.mode is Mode.ENFORCE


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"WARDEN_ACCOUNT": "me"}, "WARDEN_ACCOUNT"),
        ({"AWS_REGION": ""}, "WARDEN_REGION"),
        ({"WARDEN_MAX_RECEIVES": "some"}, "WARDEN_MAX_RECEIVES"),
        ({"WARDEN_CONFIG": "{"}, "WARDEN_CONFIG"),
        ({"WARDEN_CONFIG": '{"tags":{"grace":1}}'}, r"WARDEN_CONFIG \(tags\.grace\)"),
    ],
)
def test_a_broken_environment_is_named(changes: dict[str, str], message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        Settings.from_environment(ENVIRONMENT | changes)
