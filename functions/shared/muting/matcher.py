"""Which alerts a waiver, a silence or a route is about."""

import re
from dataclasses import dataclass, fields
from fnmatch import fnmatchcase
from typing import Final

from functions.shared.alerting.alert import Alert
from functions.shared.alerting.finding import Finding
from functions.shared.core.rules import About

LITERAL: Final = re.compile(r"\[[*?\[]\]")
"""`[` means a set of characters to fnmatch; these are the ways to say a character itself."""


def is_pattern(text: str) -> bool:
    """Whether a condition stands for more than the one text that it spells."""
    literal = LITERAL.sub("", text)
    return "*" in literal or "?" in literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Matcher:
    """Conditions that an alert must meet, all of them; an empty one is met by every alert.

    `*` and `?` stand for any characters and any one character.

    Attributes:
        function: Name of the function; alerts about the account have none.
        rule: Rule of the finding.
        subject: What the finding tells apart by, for example `pkg:pypi/jinja2@2.10`.
        kind: Kind of the finding.
        severity: Label of its severity.
        owner: Owner of the function.
        environment: Environment of the function.
        fingerprint: The one finding that it is about.
    """

    function: str = ""
    rule: str = ""
    subject: str = ""
    kind: str = ""
    severity: str = ""
    owner: str = ""
    environment: str = ""
    fingerprint: str = ""

    @classmethod
    def of_one(cls, finding: Finding) -> "Matcher":
        """The conditions that one finding meets, and no other; its rule is there to be read."""
        return cls(rule=finding.rule, fingerprint=finding.fingerprint)

    @property
    def is_empty(self) -> bool:
        """Whether it would match every alert."""
        return not any(getattr(self, one.name).strip("*?") for one in fields(self))

    def matches(self, alert: Alert) -> bool:
        """Whether an alert meets every condition."""
        finding = alert.finding
        values = {
            "function": "" if finding.about is About.ACCOUNT else finding.function.name,
            "rule": finding.rule,
            "subject": finding.subject,
            "kind": finding.kind.value,
            "severity": finding.severity.label,
            "owner": alert.owner,
            "environment": alert.environment,
            "fingerprint": finding.fingerprint,
        }
        return all(
            fnmatchcase(values[one.name], getattr(self, one.name))
            for one in fields(self)
            if getattr(self, one.name)
        )

    def __str__(self) -> str:
        """The conditions in words, for reasons and lists."""
        shown = [f"{one.name}={getattr(self, one.name)}" for one in fields(self)]
        return " ".join(one for one in shown if not one.endswith("=")) or "everything"
