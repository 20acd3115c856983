"""The evaluator against a table that was made without it, and against laws that always hold."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from functions.scanner.exposure.callers import Home
from functions.scanner.exposure.function_urls import reach
from functions.scanner.exposure.openings import Who, openings
from functions.shared.core.policy_document import Policy, policy_of
from functions.shared.core.reading import Known, Unknown
from functions.shared.events.change import UrlAccess
from tests.unit.scanner.exposure.table import (
    CASES,
    OTHER,
    OWN,
    URL_CASES,
    Case,
    UrlCase,
    allow,
    deny,
)
from tests.unit.scanner.rules.known import NOW, function

HOME = Home(function(), NOW)


def document(*statements: Any, version: str = "2012-10-17") -> Policy:
    return policy_of({"Version": version, "Statement": list(statements)})


def let_in(policy: Policy, **trusted: Any) -> set[str]:
    found = openings(policy, HOME, **trusted)
    assert found.complete
    return {opening.name or opening.who.value for opening in found.found}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_policy_lets_in_whom_it_lets_in(case: Case) -> None:
    assert let_in(document(*case.statements, version=case.version)) == case.lets_in


def test_the_table_is_worth_its_name() -> None:
    assert len({case.name for case in CASES}) == len(CASES)
    assert len(CASES) + len(URL_CASES) >= 140


@pytest.mark.parametrize("case", URL_CASES, ids=lambda case: case.name)
def test_a_url_reaches_whom_it_reaches(case: UrlCase) -> None:
    made = datetime.fromisoformat(case.created).replace(tzinfo=UTC)
    home = Home(function(), datetime.fromisoformat(case.today).replace(tzinfo=UTC))
    url = UrlAccess(case.auth_type, created_at=made)
    assert reach(url, Known(document(*case.statements)), home).name == case.reach


def test_how_far_a_url_reaches_is_unknown_without_its_policy() -> None:
    assert reach(UrlAccess("NONE"), Unknown("denied"), HOME).name == "UNKNOWN"


def test_a_trusted_account_is_not_from_outside() -> None:
    assert let_in(document(allow({"AWS": OTHER})), trusted=(OTHER,)) == set()


def test_an_alias_has_a_policy_of_its_own() -> None:
    at_alias = document(allow("*", Resource=f"{function()}:live"))
    assert openings(at_alias, Home(function(), NOW, "live")).of(Who.EVERYBODY)
    # The function's own policy may name its versions, too.
    assert openings(at_alias, HOME).of(Who.EVERYBODY)


def test_an_operator_that_is_not_known_closes_nothing() -> None:
    odd = {"StringSoundsLike": {"aws:PrincipalOrgID": "o-abcdefghij"}}
    assert let_in(document(allow("*", odd))) == {"everybody"}
    assert let_in(document(allow("*"), deny("*", odd))) == {"everybody"}


def test_the_statements_and_what_they_allow_are_named() -> None:
    both = document(
        allow("*", Action=["lambda:GetFunction", "lambda:InvokeFunction"], Sid="one"),
        allow({"AWS": OTHER}, Sid="two"),
    )
    everybody, account = openings(both, HOME).found
    assert everybody.statements == ("one",)
    assert everybody.actions == ("lambda:GetFunction", "lambda:InvokeFunction")
    assert (account.name, account.statements) == (OTHER, ("two",))


def test_a_policy_that_asks_for_too_much_work_is_not_called_closed() -> None:
    keys = {f"aws:PrincipalTag/{n}": [f"{m}*" for m in range(9)] for n in range(12)}
    endless = document(allow("*", {"StringLike": keys}), deny("*", {"StringLike": keys}))
    assert not openings(endless, HOME).complete


_KEYS = st.sampled_from(
    ["aws:PrincipalOrgID", "aws:PrincipalAccount", "aws:SourceIp", "aws:SourceAccount",
     "aws:SourceArn", "aws:PrincipalArn", "aws:SourceVpce", "aws:PrincipalIsAWSService",
     "aws:PrincipalTag/team"]
)  # fmt: skip
_VALUES = st.sampled_from(
    [OWN, OTHER, "*", "o-abcdefghij", "o-*", "203.0.113.0/24", "0.0.0.0/0", "true", "false",
     "arn:aws:s3:::b", "arn:aws:sns:*:*:x", f"arn:aws:iam::{OTHER}:role/x", "vpce-*", "a?c*"]
)  # fmt: skip
_OPERATORS = st.sampled_from(
    ["StringEquals", "StringNotEquals", "StringLike", "StringNotLike", "StringEqualsIfExists",
     "ArnLike", "ArnNotLike", "IpAddress", "NotIpAddress", "Bool", "Null",
     "ForAnyValue:StringLike", "ForAllValues:StringEquals"]
)  # fmt: skip
_CONDITIONS = st.dictionaries(
    _OPERATORS,
    st.dictionaries(_KEYS, st.lists(_VALUES, min_size=1, max_size=2), min_size=1, max_size=2),
    max_size=2,
)
_PRINCIPALS = st.sampled_from(
    ["*", {"AWS": OTHER}, {"AWS": OWN}, {"Service": "s3.amazonaws.com"},
     {"AWS": f"arn:aws:iam::{OTHER}:role/x"}]
)  # fmt: skip
_ALLOWS = st.builds(allow, _PRINCIPALS, _CONDITIONS)
_DENIES = st.builds(deny, _PRINCIPALS, _CONDITIONS)


def _covered(name: str, by: set[str]) -> bool:
    """Whether somebody is among those let in, by name or with everybody."""
    if name in by or "everybody" in by:
        return True
    return "everybody in a network" in by and name not in {"everybody"}


@settings(max_examples=40)
@given(allowing=st.lists(_ALLOWS, max_size=2), denying=_DENIES)
def test_a_deny_never_opens(allowing: list[Any], denying: Any) -> None:
    before, after = let_in(document(*allowing)), let_in(document(*allowing, denying))
    assert all(_covered(name, before) for name in after), (before, after)


@settings(max_examples=40)
@given(principal=_PRINCIPALS, condition=_CONDITIONS, more=_CONDITIONS)
def test_a_narrower_condition_never_opens(principal: Any, condition: Any, more: Any) -> None:
    both = dict(condition)
    for operator, keys in more.items():
        if operator not in both:
            both[operator] = keys
    before, after = (let_in(document(allow(principal, c))) for c in (condition, both))
    assert all(_covered(name, before) for name in after), (before, after)


@settings(max_examples=40)
@given(allowing=st.lists(_ALLOWS, max_size=2), more=_ALLOWS)
def test_another_allow_never_closes(allowing: list[Any], more: Any) -> None:
    before, after = let_in(document(*allowing)), let_in(document(*allowing, more))
    assert all(_covered(name, after) for name in before), (before, after)
