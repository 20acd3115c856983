"""A rule's verdict on one function, and the finding it leads to."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite
from typing import Final, TypeAlias

from functions.shared.core.arn import FunctionArn
from functions.shared.core.kind import Kind
from functions.shared.core.redaction import redacted
from functions.shared.core.rules import About, rule
from functions.shared.core.severity import Severity
from functions.shared.core.text import plain

__all__ = ["Evidence", "Fact", "Finding", "Kind", "Verdict"]

Fact: TypeAlias = str | int | float | bool | list[str]
Evidence: TypeAlias = Mapping[str, Fact]

# A stored alert must fit a DynamoDB item (400 KB), and SNS (256 KiB) as JSON inside JSON, which
# doubles every quotation mark twice.
_EVIDENCE_BYTES: Final = 48 * 1024
_KEY_LENGTH: Final = 300
# Room behind a limit in which a credential that begins before it is still recognised as one.
_CREDENTIAL: Final = 4096
_FACTS: Final = 40
_FACT_LENGTH: Final = 500
_LINKS: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is wrong, or that could not be told, of a function, the account or Warden.

    All texts are bounded and made safe to show here, once, for everything that follows: names,
    metadata and error texts of the estate reach a person through findings only.

    Attributes:
        rule: Identifier of the rule, for example `world-open-policy`; its runbook has this name.
        kind: What it is about.
        severity: How bad it is.
        severity_reason: Why it is that bad, one sentence.
        function: The function that it is filed under: the one it is about, or for what is about
            the account or about Warden itself, the function of Warden that found it.
        title: One line that can be read on a locked phone.
        reason: Why we think so, with the figures; full sentences.
        remedy: What to do now.
        subject: Tells several findings of one rule on one function apart, for example a package.
        evidence: The facts behind the reason, for machines.
        links: Where to read on.
        update_key: What a known finding is reported again for: a new value makes an update.
        whole_digest: Digest of the whole evidence where only a part of it is here, empty where
            all of it is. A stored finding keeps it.
        whole_evidence: The evidence before it was bounded, None where nothing was cut, and when
            read from the table. It is stored apart and linked; see
            `functions.shared.alerting.evidence`.
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
    update_key: str = ""
    severity_reason: str = ""
    whole_digest: str = ""
    whole_evidence: Evidence | None = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Bound every text; a bounded finding stays as it is, so storing it changes nothing."""
        whole = {redacted(str(key)): _clean(value) for key, value in self.evidence.items()}
        evidence = _bounded(whole)
        bounded: dict[str, object] = {
            "title": _shown(self.title, 150),
            "reason": _shown(self.reason, 2000),
            "remedy": _shown(self.remedy, 1000),
            "severity_reason": _shown(self.severity_reason, 300),
            "subject": _key(self.subject),
            "evidence": evidence,
            "links": tuple(_shown(link, 500) for link in self.links[:_LINKS]),
            "update_key": _key(self.update_key),
        }
        if evidence != whole:
            bounded |= {"whole_evidence": whole, "whole_digest": _digest([whole])}
        for name, value in bounded.items():
            object.__setattr__(self, name, value)

    @property
    def fingerprint(self) -> str:
        """Identity of this finding across time: function, rule and subject."""
        return _digest([str(self.function), self.rule, self.subject])

    @property
    def about(self) -> About:
        """What it is about: a function of the estate, the account, or Warden itself."""
        return rule(self.rule).about

    @property
    def name(self) -> str:
        """What people call that: the function's name, or the account with its region."""
        if self.about is About.ACCOUNT:
            return f"account {self.function.account} in {self.function.region}"
        return self.function.name

    @property
    def arn(self) -> str:
        """The ARN of that, for machines; an account's is the one that IAM knows it by."""
        if self.about is About.ACCOUNT:
            return f"arn:{self.function.partition}:iam::{self.function.account}:root"
        return str(self.function)

    @property
    def digest(self) -> str:
        """What was last reported of it: unchanged means that there is no update."""
        return _digest([self.severity.label, self.update_key])


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one rule says about one function.

    Attributes:
        rule: Identifier of the rule.
        findings: What it found; empty means that the function passes.
        certain: False when the rule could not tell. Its findings then say what is missing, and
            what it found earlier stays open: not being able to look resolves nothing.
        ending: Why it no longer reports what it found earlier, in full sentences; empty where
            that is simply over.
    """

    rule: str
    findings: tuple[Finding, ...] = ()
    certain: bool = True
    ending: str = ""


def _key(text: str) -> str:
    """A text that only tells things apart: one that may not be shown is replaced by its digest."""
    shown = _shown(text, _KEY_LENGTH)
    return text if shown == text else f"sha256:{hashlib.sha256(_encoded(text)).hexdigest()}"


def _encoded(text: str) -> bytes:
    return text.encode(errors="surrogatepass")


def _shown(text: object, limit: int) -> str:
    """A text that is safe to show: bounded, visible, without credentials."""
    return plain(redacted(plain(text, limit + _CREDENTIAL)), limit)


def _clean(value: Fact) -> Fact:
    """A fact as JSON can hold it, without credentials."""
    if isinstance(value, list):
        return [redacted(str(item)) for item in value]
    if isinstance(value, str):
        return redacted(value)
    # JSON knows no infinity and no NaN.
    return str(value) if isinstance(value, float) and not isfinite(value) else value


def _bounded(evidence: Evidence) -> dict[str, Fact]:
    bounded: dict[str, Fact] = {}
    room = _EVIDENCE_BYTES
    for key, value in evidence.items():
        facts = {_shown(key, 100): _fact(value)}
        if isinstance(value, list) and len(value) > _FACTS:
            facts[f"{_shown(key, 90)}_omitted"] = len(value) - _FACTS
        room -= len(json.dumps(facts))
        if room < 0:
            bounded["omitted"] = "the rest is too long"
            break
        bounded |= facts
    return bounded


def _fact(value: Fact) -> Fact:
    if isinstance(value, list):
        return [_shown(item, _FACT_LENGTH) for item in value[:_FACTS]]
    return _shown(value, _FACT_LENGTH) if isinstance(value, str) else value


def _digest(parts: list[object]) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]
