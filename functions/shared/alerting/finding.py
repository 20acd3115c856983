"""A rule's verdict on one function, and the finding it leads to."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from math import isfinite
from typing import Final, TypeAlias

from functions.shared.arn import FunctionArn
from functions.shared.severity import Severity
from functions.shared.text import plain

Fact: TypeAlias = str | int | float | bool | list[str]
Evidence: TypeAlias = Mapping[str, Fact]

# A stored alert must fit a DynamoDB item (400 KB), and SNS (256 KiB) as JSON inside JSON, which
# doubles every quotation mark twice.
_EVIDENCE_BYTES: Final = 48 * 1024
_KEY_LENGTH: Final = 300
_FACTS: Final = 40
_FACT_LENGTH: Final = 500
_LINKS: Final = 10


class Kind(StrEnum):
    """What a finding is about; alerts can be filtered by it."""

    VULNERABILITY = "vulnerability"
    DRIFT = "drift"
    EXPOSURE = "exposure"
    LIFECYCLE = "lifecycle"
    TAGGING = "tagging"
    ANOMALY = "anomaly"
    ENFORCEMENT = "enforcement"
    COVERAGE = "coverage"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is wrong with one function, or that could not be told.

    All texts are bounded and made safe to show here, once, for everything that follows: names,
    metadata and error texts of the estate reach a person through findings only.

    Attributes:
        rule: Identifier of the rule, for example `world-open-policy`; its runbook has this name.
        kind: What it is about.
        severity: How bad it is.
        severity_reason: Why it is that bad, one sentence.
        function: The function it is about.
        title: One line that can be read on a locked phone.
        reason: Why we think so, with the figures; full sentences.
        remedy: What to do now.
        subject: Tells several findings of one rule on one function apart, for example a package.
        evidence: The facts behind the reason, for machines.
        links: Where to read on.
        news: What makes a known finding worth telling again; a change of it is an update.
        whole_evidence: The evidence before it was bounded, None where nothing was cut. It is
            stored apart and linked; see `functions.shared.alerting.evidence`.
    """

    rule: str
    kind: Kind
    severity: Severity
    function: FunctionArn
    title: str
    reason: str
    remedy: str
    subject: str = ""
    evidence: Evidence = field(default_factory=dict)
    links: tuple[str, ...] = ()
    news: str = ""
    severity_reason: str = ""
    whole_evidence: Evidence | None = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Bound every text; a bounded finding stays as it is, so storing it changes nothing."""
        evidence = _evidence(self.evidence)
        if evidence != self.evidence:
            object.__setattr__(self, "whole_evidence", self.evidence)
        bounded: dict[str, object] = {
            "title": plain(self.title, 150),
            "reason": plain(self.reason, 2000),
            "remedy": plain(self.remedy, 1000),
            "severity_reason": plain(self.severity_reason, 300),
            "subject": _key(self.subject),
            "evidence": evidence,
            "links": tuple(plain(link, 500) for link in self.links[:_LINKS]),
            "news": _key(self.news),
        }
        for name, value in bounded.items():
            object.__setattr__(self, name, value)

    @property
    def fingerprint(self) -> str:
        """Identity of this finding across time: function, rule and subject."""
        return _digest([str(self.function), self.rule, self.subject])

    @property
    def digest(self) -> str:
        """What was last told about it: unchanged means that there is no news."""
        return _digest([self.severity.label, self.news])


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one rule says about one function.

    Attributes:
        rule: Identifier of the rule.
        findings: What it found; empty means that the function passes.
        certain: False when the rule could not tell. Its findings then say what is missing, and
            what it found earlier stays open: not being able to look resolves nothing.
    """

    rule: str
    findings: tuple[Finding, ...] = ()
    certain: bool = True


def _key(text: str) -> str:
    """A text that only tells things apart: a long one is replaced by its digest."""
    shown = plain(text, _KEY_LENGTH)
    return text if shown == text else f"sha256:{hashlib.sha256(_encoded(text)).hexdigest()}"


def _encoded(text: str) -> bytes:
    return text.encode(errors="surrogatepass")


def _evidence(evidence: Evidence) -> dict[str, Fact]:
    bounded: dict[str, Fact] = {}
    room = _EVIDENCE_BYTES
    for key, value in evidence.items():
        facts = {plain(key, 100): _fact(value)}
        if isinstance(value, list) and len(value) > _FACTS:
            facts[f"{plain(key, 90)}_omitted"] = len(value) - _FACTS
        room -= len(json.dumps(facts))
        if room < 0:
            bounded["omitted"] = "the rest is too long"
            break
        bounded |= facts
    return bounded


def _fact(value: Fact) -> Fact:
    if isinstance(value, list):
        return [plain(item, _FACT_LENGTH) for item in value[:_FACTS]]
    if isinstance(value, str):
        return plain(value, _FACT_LENGTH)
    # JSON knows no infinity and no NaN.
    return str(value) if isinstance(value, float) and not isfinite(value) else value


def _digest(parts: list[str]) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]
