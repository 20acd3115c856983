"""Which versions are in use, and what is said of them. Pure."""

from dataclasses import replace
from typing import Any

from functions.scanner.decide import decide
from functions.scanner.facts import Configuration, FunctionFacts, ReleaseFacts
from functions.scanner.releases.release import LATEST, Alias, Release, releases
from functions.scanner.secrets.found import CodeSecrets, SecretPlace
from functions.shared.alerting.finding import Finding, Verdict
from functions.shared.core.reading import Known, Reading, Unknown
from functions.shared.core.severity import Severity
from functions.shared.events.change import Stated
from tests.unit.scanner.rules.known import facts, function, policy, setting, statement

_LEAK = CodeSecrets((SecretPlace("settings.py", 3, "aws secret access key"),))


def _release(
    version: str = "7",
    *,
    secrets: CodeSecrets | None = None,
    runtime: str = "python3.13",
    alias: str = "live",
    admitting: Reading[Any] | None = None,
) -> ReleaseFacts:
    code = FunctionFacts(
        function(),
        configuration=Known(Configuration(runtime=runtime)),
        code_secrets=Known(secrets or CodeSecrets()),
    )
    policies = {
        alias: Known(policy()) if admitting is None else admitting,
        version: Known(policy()),
    }
    return ReleaseFacts(Release(version, (f"alias {alias}",), (alias,)), code, policies)


def _verdict(rule: str, known: FunctionFacts) -> Verdict:
    return next(one for one in decide(known, Stated(), setting()) if one.rule == rule)


def _found(rule: str, known: FunctionFacts) -> Finding:
    (finding,) = _verdict(rule, known).findings
    return finding


def _facts(*found: ReleaseFacts, **readings: Any) -> FunctionFacts:
    known: dict[str, Any] = {"policy": policy(), "urls": (), "code_secrets": CodeSecrets()}
    runtime = {"runtime": "python3.13"}
    return replace(facts(configuration=runtime, **(known | readings)), releases=Known(found))


def test_every_version_that_something_points_at_is_in_use() -> None:
    live = Alias("live", "7", (("8", 0.1),))
    found = releases(
        [live, Alias("next", LATEST)], provisioned=["live", "5"], sources=["6", "live", LATEST]
    )
    assert {one.version: one.uses for one in found} == {
        "7": ("alias live with 90%",),
        "8": ("alias live with 10%",),
        LATEST: ("alias next",),
        "5": ("provisioned concurrency",),
        "6": ("event source",),
    }
    assert found[0].shown == "version 7 (alias live with 90%)"


def test_two_aliases_of_a_version_are_one_release() -> None:
    (only,) = releases([Alias("live", "7"), Alias("blue", "7")])
    assert only == Release("7", ("alias live", "alias blue"), ("live", "blue"))


def test_a_fault_of_a_version_in_use_is_named_with_its_alias() -> None:
    found = _found("secrets-in-code", _facts(_release(secrets=_LEAK)))
    assert found.title.endswith(", in version 7")
    assert "This is in version 7 (alias live), not in $LATEST." in found.reason
    assert found.evidence["in_use"] == ["version 7 (alias live)"]


def test_fixing_latest_resolves_nothing_while_the_old_version_runs() -> None:
    release = _release(secrets=_LEAK)
    before = _found("secrets-in-code", _facts(release, code_secrets=_LEAK))
    after = _found("secrets-in-code", _facts(release))
    assert before.fingerprint == after.fingerprint
    assert before.digest != after.digest, "people hear that only $LATEST was fixed"
    assert "too" in before.reason
    assert not _verdict("secrets-in-code", _facts(_release())).findings


def test_the_policy_of_an_alias_is_judged_under_its_name() -> None:
    opened = Known(policy(statement("*", sid="public")))
    found = _found("world-open-policy", _facts(_release(admitting=opened)))
    assert found.severity is Severity.CRITICAL
    assert "alias live (version 7)" in found.reason
    assert "--qualifier live --statement-id public" in found.remedy
    assert not found.subject, "the same alert as that of the function itself"


def test_what_two_versions_have_in_other_words_is_said_of_each() -> None:
    other = CodeSecrets((SecretPlace("old.py", 1, "private key"),))
    found = _found("secrets-in-code", _facts(_release(secrets=other), code_secrets=_LEAK))
    assert "settings.py" in found.reason
    assert "In version 7 (alias live):" in found.reason
    assert "old.py" in found.reason


def test_a_worse_version_makes_the_finding_worse() -> None:
    opened = Known(policy(statement("*")))
    network = policy(statement("*", {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}))
    verdict = _verdict("world-open-policy", _facts(_release(admitting=opened), policy=network))
    assert max(one.severity for one in verdict.findings) is Severity.CRITICAL


def test_not_knowing_what_runs_lets_nothing_pass() -> None:
    unknown = Unknown("listing the aliases: AccessDeniedException")
    known = replace(_facts(), releases=unknown)
    assert not _verdict("world-open-policy", known).certain
    assert not _verdict("secrets-in-code", known).certain
    assert _verdict("tracing-off", known).certain
    assert "versions in use" in _found("unread-function", known).reason


def test_a_version_that_could_not_be_read_is_named() -> None:
    denied = Unknown("reading version 7: AccessDeniedException")
    code = FunctionFacts(function(), configuration=denied)
    release = ReleaseFacts(Release("7", ("alias live",), ("live",)), code, {"live": denied})
    found = _found("unread-function", _facts(release))
    assert "version 7" in found.reason
    assert "resource policy of live" in found.reason
    assert not _verdict("world-open-policy", _facts(release)).certain
    assert not _verdict("retired-runtime", _facts(release)).certain


def test_a_rule_that_is_off_is_off_for_versions() -> None:
    known = _facts(_release(secrets=_LEAK))
    off = setting(disabled_rules=("secrets-in-code",))
    verdicts = decide(known, Stated(), off)
    assert not next(one for one in verdicts if one.rule == "secrets-in-code").findings
