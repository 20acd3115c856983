"""The catalogue of rules does not contradict itself, nor the settings."""

import re

import pytest
from pydantic import BaseModel

from functions.shared.config import WardenConfig
from functions.shared.core.rules import RULES, About, Kind, Part, Rule, disabled_by, rule
from functions.shared.core.rules.views import CLAIMED, UNRESERVED

EVERY = pytest.mark.parametrize("row", RULES.values(), ids=RULES)


@EVERY
def test_a_rule_is_named_as_its_alerts_and_runbooks_need_it(row: Rule) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9-]{1,60}", row.id)
    assert row.title
    assert not row.title.endswith(".")


@EVERY
def test_a_rule_is_switched_off_by_a_setting_that_exists(row: Rule) -> None:
    value: object = WardenConfig()
    for name in row.disabled_by.split(".") if row.disabled_by else ():
        assert isinstance(value, BaseModel)
        value = getattr(value, name)


@EVERY
def test_a_rule_explains_rules_that_exist_and_not_itself(row: Rule) -> None:
    for explains in row.explains:
        assert explains.rules <= RULES.keys() - {row.id}
        assert explains.rules or explains.kind
        assert explains.why.endswith(".")


@EVERY
def test_what_is_about_behaviour_or_limits_leads_to_where_it_shows(row: Rule) -> None:
    if row.kind in {Kind.ANOMALY, Kind.ENFORCEMENT} and row.about is not About.WARDEN:
        assert row.metrics or row.log_query
    if row.about is About.ACCOUNT:
        assert not {CLAIMED, UNRESERVED} & {*row.metrics[:1]}, "functions do not publish it"
        assert not row.log_query, "an account has no log"


def test_what_could_not_be_seen_is_never_switched_off_by_the_scanner() -> None:
    assert not {"unread-contents", "unread-function"} & disabled_by("scanner.disabled_rules")
    assert {"permissive-cors", "tracing-off"} <= disabled_by("scanner.disabled_rules")


def test_a_rule_that_is_gone_still_names_the_function_of_its_old_alerts() -> None:
    assert rule("long-gone").about is About.FUNCTION


def test_a_row_that_contradicts_itself_is_refused() -> None:
    for about, filed_under in ((About.ACCOUNT, None), (About.FUNCTION, Part.GUARD)):
        with pytest.raises(ValueError, match="filed_under"):
            Rule(
                id="x",
                part=Part.GUARD,
                kind=Kind.ANOMALY,
                title="X",
                about=about,
                filed_under=filed_under,
            )
