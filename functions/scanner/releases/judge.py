"""The verdicts on versions that are in use, as part of those on their function. Pure.

A finding about a version has the identity that it would have on $LATEST: it is the same fault of
the same function, and over only when no version in use has it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from functions.scanner.facts import NOT_ASKED, Configuration, FunctionFacts, ReleaseFacts
from functions.shared.alerting.finding import Fact, Finding, Verdict
from functions.shared.core.policy_document import Policy
from functions.shared.core.reading import Known
from functions.shared.core.text import listed, plain

Apply = Callable[[str, FunctionFacts], Verdict]

# Rules about what a version is made of, and about who may call it under a name.
_OF_CODE: Final = (
    "administrator-role",
    "foreign-access",
    "retired-runtime",
    "secrets-in-code",
    "secrets-in-environment",
    "unread-contents",
    "vulnerable-package",
)
_OF_ACCESS: Final = ("confused-deputy", "foreign-access", "world-open-policy")
_NOBODY: Final = Known(Policy())


def with_releases(verdicts: Sequence[Verdict], facts: FunctionFacts, apply: Apply) -> list[Verdict]:
    """The verdicts on a function, with what its versions in use add to them.

    Args:
        verdicts: Those on $LATEST and the function itself.
        facts: The facts, with those of the versions.
        apply: Applies one rule, by its id, to facts.
    """
    if facts.releases == NOT_ASKED:
        return list(verdicts)
    if not isinstance(facts.releases, Known):
        # Without knowing what runs, nothing of code and access is over.
        concerned = {*_OF_CODE, *_OF_ACCESS}
        return [replace(one, certain=False) if one.rule in concerned else one for one in verdicts]
    found: dict[str, list[tuple[str, Verdict]]] = {}
    for release in facts.releases.value:
        for rule, where, verdict in _on(release, facts, apply):
            found.setdefault(rule, []).append((where, verdict))
    return [_joined(one, found.get(one.rule, [])) for one in verdicts]


def _on(
    release: ReleaseFacts, facts: FunctionFacts, apply: Apply
) -> list[tuple[str, str, Verdict]]:
    """The verdicts on one release: rule, where it holds, verdict."""
    shown = release.release.shown
    # Rules about access pass on code, and the other way round: each release is judged once.
    code = [
        (rule, shown, apply(rule, replace(release.code, policy=_NOBODY)))
        for rule in _OF_CODE
        if release.code
    ]
    nothing: Known[Configuration] = Known(Configuration())
    access = [
        (
            rule,
            _name(qualifier, release),
            apply(rule, FunctionFacts(facts.function, qualifier, nothing, policy)),
        )
        for qualifier, policy in release.policies.items()
        for rule in _OF_ACCESS
    ]
    return [*code, *access]


def _name(qualifier: str, release: ReleaseFacts) -> str:
    if qualifier in release.release.aliases:
        return f"alias {plain(qualifier, 128)} (version {plain(release.release.version, 20)})"
    return f"version {plain(qualifier, 20)}"


def _joined(verdict: Verdict, others: Sequence[tuple[str, Verdict]]) -> Verdict:
    findings = {one.fingerprint: one for one in verdict.findings}
    places: dict[str, list[tuple[str, Finding]]] = {}
    for where, other in others:
        for finding in other.findings:
            places.setdefault(finding.fingerprint, []).append((where, finding))
    joined = tuple(
        _with_places(findings.get(fingerprint), found) for fingerprint, found in places.items()
    )
    rest = tuple(one for one in verdict.findings if one.fingerprint not in places)
    certain = verdict.certain and all(other.certain for _, other in others)
    return replace(verdict, findings=rest + joined, certain=certain)


def _with_places(own: Finding | None, found: Sequence[tuple[str, Finding]]) -> Finding:
    """A finding with where it holds: $LATEST, versions, aliases."""
    here = list(dict.fromkeys(where for where, _ in found))
    base = own or max((finding for _, finding in found), key=lambda one: one.severity)
    # What is said of a version in other words than of the first is said beside it.
    others = dict.fromkeys(
        f"In {where}: {finding.reason}" for where, finding in found if finding.reason != base.reason
    )
    if own:
        places = f" It is so in {listed(here, 4)}, too."
    else:
        places = f" This is in {listed(here, 4)}, not in $LATEST."
    worst = max([base, *(finding for _, finding in found)], key=lambda one: one.severity)
    keys = [base.update_key, *(one.update_key for _, one in found)]
    evidence: Mapping[str, Fact] = {
        **base.evidence,
        "in_use": [*(["$LATEST"] if own else []), *here],
    }
    return replace(
        base,
        severity=worst.severity,
        severity_reason=worst.severity_reason,
        title=base.title if own else f"{base.title}, in {here[0].partition(' (')[0]}",
        reason=" ".join([base.reason + places, *others]),
        update_key=";".join([*dict.fromkeys(keys), *([] if own else ["not in $LATEST"])]),
        evidence=evidence,
        whole_evidence=None,
        whole_digest="",
    )
