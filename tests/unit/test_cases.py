"""Every rule has a case that passes, one that fails, and one about which it cannot tell."""

import ast
from pathlib import Path
from typing import Final

import pytest
from _pytest.mark import ParameterSet

from functions.shared.alerting.finding import Kind, Verdict
from functions.shared.core.rules import RULES
from tests.cases import Cases, Elsewhere, Never
from tests.cases.every import CASES

_UNIT: Final = Path(__file__).parent


def _verdicts(kind: str) -> list[ParameterSet]:
    found = []
    for rule, cases in CASES.items():
        shown = getattr(cases, kind)
        if isinstance(shown, dict):
            for name, verdict in shown.items():
                found.append(pytest.param(rule, verdict, id=f"{rule}: {name}"))
    return found


def test_every_rule_has_its_cases() -> None:
    assert CASES.keys() == RULES.keys(), "add its cases to the file of its part in tests/cases/"


@pytest.mark.parametrize("rule", CASES)
def test_a_rule_has_all_three(rule: str) -> None:
    cases: Cases = CASES[rule]
    for shown in (cases.passes, cases.fails, cases.cannot_tell):
        if isinstance(shown, Elsewhere):
            tree = ast.parse((_UNIT / shown.file).read_text(encoding="utf-8"))
            tests = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
            assert shown.test in tests, f"{shown.file} has no {shown.test}"
        elif isinstance(shown, Never):
            assert shown.why.endswith(".")
        else:
            assert shown


@pytest.mark.parametrize(("rule", "verdict"), _verdicts("passes"))
def test_it_passes(rule: str, verdict: Verdict) -> None:
    assert (verdict.rule, verdict.findings, verdict.certain) == (rule, (), True)


@pytest.mark.parametrize(("rule", "verdict"), _verdicts("fails"))
def test_it_fails(rule: str, verdict: Verdict) -> None:
    assert verdict.rule == rule
    assert verdict.findings
    row = RULES[rule]
    for finding in verdict.findings:
        assert finding.rule == rule
        assert finding.kind in {row.kind, Kind.COVERAGE}
        assert row.severity in {None, finding.severity}
        assert finding.severity_reason


@pytest.mark.parametrize(("rule", "verdict"), _verdicts("cannot_tell"))
def test_it_cannot_tell(rule: str, verdict: Verdict) -> None:
    assert (verdict.rule, verdict.certain) == (rule, False)
    assert all(finding.kind is Kind.COVERAGE for finding in verdict.findings)
