"""A rule's verdict on one function, and the finding it leads to."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from functions.shared.arn import FunctionArn
from functions.shared.severity import Severity

Evidence: TypeAlias = Mapping[str, str | int | float | bool | list[str]]


class Kind(StrEnum):
    """What a finding is about; alerts can be filtered by it."""

    VULNERABILITY = "vulnerability"
    EXPOSURE = "exposure"
    LIFECYCLE = "lifecycle"
    TAGGING = "tagging"
    ANOMALY = "anomaly"
    ENFORCEMENT = "enforcement"
    COVERAGE = "coverage"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is wrong with one function, or that could not be told.

    Attributes:
        rule: Identifier of the rule, for example `world-open-policy`; its runbook has this name.
        kind: What it is about.
        severity: How bad it is.
        function: The function it is about.
        title: One line that can be read on a locked phone.
        reason: Why we think so, with the figures; full sentences.
        remedy: What to do now.
        subject: Tells several findings of one rule on one function apart, for example a package.
        evidence: The facts behind the reason, for machines.
        links: Where to read on.
        news: What makes a known finding worth telling again; a change of it is an update.
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


def _digest(parts: list[str]) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]
