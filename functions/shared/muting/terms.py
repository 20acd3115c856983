"""What a waiver must say before anything is accepted in its name. Pure.

The same terms hold for a command and for a file, so that neither can accept more than the other.
"""

import hashlib
import json
import re
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta
from glob import escape
from typing import Final

from functions.shared.alerting.finding import Finding
from functions.shared.core.rules import About
from functions.shared.muting.matcher import LITERAL, Matcher, is_pattern
from functions.shared.muting.waiver import Waiver

LONGEST: Final = timedelta(days=366)
"""A year: what nobody has to look at again for longer is a setting, and belongs in cdk.json."""

_PATTERN_LENGTH: Final = 900  # a subject is 300 at most, and may need an escape for each
_TEXT_LENGTH: Final = 300  # that a waiver shows
_TELLING: Final = 3  # letters or digits in a row, without which a pattern names nothing


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one field of a waiver.

    Attributes:
        field: Its name.
        fix: What is wrong with it, and what to write instead.
    """

    field: str
    fix: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What somebody wants to accept, as it was written down.

    Attributes:
        function: Name of the function, or a pattern.
        rule: Rule of the finding, or a pattern.
        package: Package that the finding is about; a bare name stands for all its versions.
        subject: What the finding tells apart by, exactly as alerts show it, or a pattern.
        owner: Who answers for it.
        reason: Why it is acceptable.
        last_day: The last day on which it is accepted, in UTC; None where it was not readable.
    """

    function: str = ""
    rule: str = ""
    package: str = ""
    subject: str = ""
    owner: str = ""
    reason: str = ""
    last_day: date | None = None

    @classmethod
    def of_finding(cls, finding: Finding, *, owner: str, reason: str, last_day: date) -> "Terms":
        """The terms that accept one finding and no other."""
        return cls(
            function="" if finding.about is About.ACCOUNT else finding.function.name,
            rule=finding.rule,
            subject=escape(finding.subject),
            owner=owner,
            reason=reason,
            last_day=last_day,
        )

    @property
    def matcher(self) -> Matcher:
        """Which findings they accept."""
        package = self.package
        named = f"*/{package}/*" if package and "/" not in package else package
        return Matcher(function=self.function, rule=self.rule, subject=self.subject or named)

    def faults(self, now: datetime) -> list[Fault]:
        """Everything that keeps them from being a waiver; a past date does not.

        A waiver that ended accepts nothing, and a file may keep it as a record.
        """
        patterns = {
            "function": self.function,
            "rule": self.rule,
            "package": self.package,
            "subject": self.subject,
        }
        faults = [
            Fault(field, fix) for field, text in patterns.items() if (fix := _pattern_fault(text))
        ]
        if self.package and self.subject:
            faults.append(Fault("subject", "stands beside package; write one of them"))
        if not faults and not any(map(_is_telling, patterns.values())):
            faults.append(
                Fault(
                    "function",
                    "this would accept nearly everything; name a function, a rule or a package, "
                    f"or a pattern with at least {_TELLING} letters or digits in a row",
                )
            )
        faults += [
            Fault(field, fix)
            for field, text in (("owner", self.owner), ("reason", self.reason))
            if (fix := _text_fault(field, text))
        ]
        if self.last_day is not None and (fix := _date_fault(self.last_day, now)):
            faults.append(Fault("expires", fix))
        return faults

    def waiver(
        self, now: datetime, *, by: str = "", source: str = "", matcher: Matcher | None = None
    ) -> Waiver:
        """The waiver, in force from now on; its identity is what it accepts, and whose file it is.

        Args:
            now: The time.
            by: Who wrote it.
            source: Name of the waiver file that it comes from.
            matcher: What it accepts, where that is less than the terms say.

        Raises:
            ValueError: There are faults.
        """
        if self.last_day is None or self.faults(now):
            raise ValueError("these terms are not fit for a waiver")
        accepts = matcher or self.matcher
        return Waiver(
            id=_identity(accepts, source),
            matcher=accepts,
            owner=self.owner,
            reason=self.reason,
            expires=ending(self.last_day),
            created_at=now,
            created_by=by,
            source=source,
        )


def ending(last_day: date) -> datetime:
    """The last second of a day, in UTC: whoever reads when it ends reads the day that was typed."""
    return datetime.combine(last_day, time(23, 59, 59), UTC)


def _identity(matcher: Matcher, source: str) -> str:
    conditions = asdict(matcher)
    conditions.pop("fingerprint")  # a waiver names findings by what people can read
    text = json.dumps([source, conditions], sort_keys=True)
    return f"w-{hashlib.sha256(text.encode(errors='surrogatepass')).hexdigest()[:12]}"


def _pattern_fault(text: str) -> str:
    if len(text) > _PATTERN_LENGTH:
        return f"longer than {_PATTERN_LENGTH} characters; put * for a part of it"
    if not text.isprintable():
        return "has characters that cannot be seen; write it anew"
    if "[" in LITERAL.sub("", text):
        return "has a [; write [[] for the character itself, patterns know * and ? only"
    return ""


def _is_telling(text: str) -> bool:
    """Whether a condition names something: a whole name, or enough of one."""
    if not text:
        return False
    literal = LITERAL.sub(" ", text)
    if not is_pattern(text):
        return True
    return re.search(rf"[^\W_]{{{_TELLING},}}", literal) is not None


def _text_fault(field: str, text: str) -> str:
    if not text.strip():
        wanted = {"owner": "write who answers for it", "reason": "write why it is acceptable"}
        return f"empty; {wanted[field]}"
    if len(text) > _TEXT_LENGTH:
        return f"longer than {_TEXT_LENGTH} characters; shorten it"
    return ""


def _date_fault(last_day: date, now: datetime) -> str:
    latest = (now + LONGEST).date()
    if last_day > latest:
        return f"{last_day} is more than a year ahead; write {latest} at the latest"
    return ""
