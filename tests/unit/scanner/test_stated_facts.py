"""Policy conditions, and what an event states about a function that cannot be read."""

import pytest

from functions.scanner.decide import decide
from functions.scanner.facts import Configuration, FunctionFacts, Setting
from functions.shared.config import ScannerPolicy
from functions.shared.core.reading import Known, Unknown
from functions.shared.events.change import PermissionGrant, Stated, UrlAccess
from tests.unit.conftest import NOW
from tests.unit.shared.findings import ORDERS

SETTING = Setting(ScannerPolicy(), NOW)
GONE = Unknown("reading the function: ResourceNotFoundException", missing=True)
UNREAD = FunctionFacts(
    ORDERS, configuration=GONE, policy=GONE, urls=GONE, inventory=GONE, matches=GONE
)


def found(stated: Stated, facts: FunctionFacts = UNREAD) -> set[tuple[str, str]]:
    verdicts = decide(facts, stated, SETTING)
    return {(f.rule, f.subject) for verdict in verdicts for f in verdict.findings}


def grant(principal: str, **more: object) -> Stated:
    permission = PermissionGrant("s", principal, "lambda:InvokeFunction", **more)  # type: ignore[arg-type] # fields by name
    return Stated(permission=permission)


@pytest.mark.parametrize(
    ("stated", "findings"),
    [
        (Stated(), set()),
        (grant("*"), {("world-open-policy", "")}),
        (grant("*", source_account="123456789012"), set()),
        (grant("*", organization="o-1"), set()),
        (grant("*", url_only=True), set()),
        (grant("999999999999"), {("foreign-access", "permission")}),
        (Stated(url=UrlAccess("NONE")), {("open-function-url", "")}),
        (Stated(url=UrlAccess("AWS_IAM")), set()),
        (Stated(runtime="python3.6"), {("retired-runtime", "")}),
        (
            Stated(layers=("arn:aws:lambda:eu-west-1:999999999999:layer:x:1",)),
            {("foreign-access", "layer")},
        ),
    ],
)
def test_what_the_event_states_is_judged_and_the_rest_is_unknown(
    stated: Stated, findings: set[tuple[str, str]]
) -> None:
    assert found(stated) >= findings | {("unread-function", "")}
    assert {rule for rule, _ in found(stated)} <= {rule for rule, _ in findings} | {
        "unread-function"
    }


def test_what_was_read_and_what_was_stated_are_told_together() -> None:
    layer = "arn:aws:lambda:eu-west-1:999999999999:layer:x:1"
    facts = FunctionFacts(
        ORDERS,
        configuration=Known(Configuration(runtime="python3.13", layers=(layer,))),
        policy=Unknown("reading the resource policy: AccessDeniedException"),
        urls=Known(()),
    )
    both = {("foreign-access", "layer"), ("foreign-access", "permission")}
    assert both <= found(grant("888888888888"), facts)


def test_an_event_never_lets_a_rule_pass() -> None:
    verdicts = decide(UNREAD, Stated(url=UrlAccess("AWS_IAM")), SETTING)
    assert not next(one for one in verdicts if one.rule == "open-function-url").certain
