"""From facts to verdicts. Pure."""

import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from functions.scanner.facts import Configuration, FunctionFacts, Setting
from functions.scanner.releases.judge import with_releases
from functions.scanner.rules import BY_ID, RULES, STATED_RULES, Rule, unread_function
from functions.shared.alerting.finding import Finding, Verdict
from functions.shared.core.policy_document import (
    Condition,
    Policy,
    PolicyStatement,
    Principal,
)
from functions.shared.core.reading import Known, Unknown
from functions.shared.events.change import PermissionGrant, Stated

_FROM_EVENT: Final = " Judged from the event alone: the function itself could not be read."


def decide(facts: FunctionFacts, stated: Stated, setting: Setting) -> list[Verdict]:
    """Apply every rule, to the function and to those of its versions that are in use.

    A function may be gone before it is looked at, or live in an account whose events are replayed
    elsewhere. Where a rule cannot tell for that reason, what the event itself states is judged:
    it can add a finding, but never lets a rule pass.
    """
    disabled = set(setting.policy.disabled_rules)
    failed: dict[str, str] = {}
    verdicts = [
        Verdict(verdict.rule) if verdict.rule in disabled else verdict
        for verdict in (_applied(rule, facts, setting, failed) for rule in RULES)
    ]

    def apply(rule: str, release: FunctionFacts) -> Verdict:
        return (
            Verdict(rule) if rule in disabled else _applied(BY_ID[rule], release, setting, failed)
        )

    verdicts = with_releases(verdicts, facts, apply)
    if failed:
        reported = unread_function.not_judged(facts, failed)
        verdicts = [
            _with(verdict, [reported]) if verdict.rule == reported.rule else verdict
            for verdict in verdicts
        ]
    if not _anything_unknown(facts):
        return verdicts
    from_event = _facts_of(facts, stated)
    added = {
        verdict.rule: tuple(
            replace(finding, reason=finding.reason + _FROM_EVENT) for finding in verdict.findings
        )
        for verdict in (_applied(rule, from_event, setting, failed) for rule in STATED_RULES)
    }
    return [
        verdict if verdict.certain else _with(verdict, added.get(verdict.rule, ()))
        for verdict in verdicts
    ]


def _applied(rule: Rule, facts: FunctionFacts, setting: Setting, failed: dict[str, str]) -> Verdict:
    """What one rule says; that it failed hides nothing of what the others say, and is told."""
    try:
        return rule(facts, setting)
    except Exception as error:  # noqa: BLE001 - whatever it is, the other rules go on
        name = str(sys.modules[rule.__module__].RULE)
        failed[name] = type(error).__name__
        return Verdict(name, certain=False)


def _with(verdict: Verdict, added: Sequence[Finding]) -> Verdict:
    """A verdict with what it did not find itself."""
    known = {finding.fingerprint for finding in verdict.findings}
    more = tuple(finding for finding in added if finding.fingerprint not in known)
    return replace(verdict, findings=verdict.findings + more)


def _anything_unknown(facts: FunctionFacts) -> bool:
    return any(
        isinstance(reading, Unknown) for reading in (facts.configuration, facts.policy, facts.urls)
    )


def _facts_of(facts: FunctionFacts, stated: Stated) -> FunctionFacts:
    known = FunctionFacts(
        facts.function,
        known_layers=facts.known_layers,
        known_accounts=facts.known_accounts,
    )
    if isinstance(facts.configuration, Unknown) and (stated.runtime or stated.layers):
        configuration = Configuration(runtime=stated.runtime or "", layers=stated.layers or ())
        known = replace(known, configuration=Known(configuration))
    if isinstance(facts.policy, Unknown) and stated.permission:
        known = replace(known, policy=Known(_policy(stated.permission)))
    if isinstance(facts.urls, Unknown) and stated.url:
        known = replace(known, urls=Known((stated.url,)))
    return known


def _policy(grant: PermissionGrant) -> Policy:
    """What AddPermission makes of a grant: Lambda API reference, AddPermission."""
    conditions = (
        ("ArnLike", "aws:sourcearn", grant.source_arn),
        ("StringEquals", "aws:sourceaccount", grant.source_account),
        ("StringEquals", "aws:principalorgid", grant.organization),
        ("StringEquals", "lambda:functionurlauthtype", grant.url_auth_type),
        ("Bool", "lambda:invokedviafunctionurl", "true" if grant.url_only else ""),
    )
    statement = PolicyStatement(
        sid=grant.statement_id,
        principals=(Principal(grant.principal),),
        actions=(grant.action,),
        conditions=tuple(
            Condition(operator, key, (value,)) for operator, key, value in conditions if value
        ),
    )
    return Policy((statement,))
