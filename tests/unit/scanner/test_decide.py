"""One rule's failure hides nothing of what the others say, and is told."""

from typing import Any

import pytest

from functions.scanner import decide as deciding
from functions.scanner.decide import decide
from functions.scanner.rules import RULES, shared_role, unread_function
from functions.shared.events.change import Stated
from tests.unit.scanner.rules.known import facts, policy, setting


def fail(*_: Any) -> Any:
    raise LookupError("whatever the function holds")


def test_a_rule_that_fails_is_told_and_the_others_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    before = {one.rule: one for one in decide(facts(policy=policy()), Stated(), setting())}
    fail.__module__ = shared_role.__name__
    rules = tuple(fail if rule is shared_role.check else rule for rule in RULES)
    monkeypatch.setattr(deciding, "RULES", rules)
    after = {one.rule: one for one in decide(facts(policy=policy()), Stated(), setting())}
    assert not after[shared_role.RULE].certain
    (reported,) = after[unread_function.RULE].findings
    assert "shared-role (LookupError)" in reported.reason
    assert "whatever" not in reported.reason
    changed = {shared_role.RULE, unread_function.RULE}
    assert {k: v for k, v in after.items() if k not in changed} == {
        k: v for k, v in before.items() if k not in changed
    }
