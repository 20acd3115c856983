"""No rule lets a function pass that it knows nothing of."""

from dataclasses import replace
from typing import Any

import pytest

from functions.scanner.facts import FunctionFacts
from functions.scanner.rules import RULES, Rule
from functions.shared.core.reading import Unknown
from functions.shared.core.rules import About, Part, rules_of
from tests.unit.scanner.rules.known import facts, function, policy, setting

_NOTHING = FunctionFacts(function(), configuration=Unknown("reading the function: AccessDenied"))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule.__module__).rpartition(".")[2])
def test_a_rule_without_facts_cannot_tell(rule: Rule) -> None:
    verdict = rule(_NOTHING, setting())
    if verdict.rule == "unread-function":
        assert "AccessDenied" in verdict.findings[0].reason
    else:
        assert (verdict.findings, verdict.certain) == ((), False)


def test_the_rules_of_functions_are_those_of_the_catalogue() -> None:
    rows = {row.id for row in rules_of(Part.SCANNER) if row.about is About.FUNCTION}
    assert {rule(_NOTHING, setting()).rule for rule in RULES} == rows


@pytest.mark.parametrize(
    ("reading", "named"),
    [
        ("secret_variables", "environment variables"),
        ("role_rights", "execution role"),
        ("failure_handling", "settings for asynchronous invocation"),
    ],
)
def test_what_was_refused_is_one_finding_that_names_it(reading: str, named: str) -> None:
    known = facts(policy=policy(), urls=())
    changed: Any = {reading: Unknown("asking for it: AccessDeniedException")}
    refused = replace(known, **changed)
    findings = [finding for rule in RULES for finding in rule(refused, setting()).findings]
    (reported,) = [finding for finding in findings if finding.rule == "unread-function"]
    assert reported.reason == (
        f"Could not be read: its {named}. Cause: asking for it: AccessDeniedException."
    )
