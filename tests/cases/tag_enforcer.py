"""The cases of the tag-enforcer's rules."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

from functions.shared.alerting.finding import Verdict
from functions.shared.config import TagPolicy
from functions.shared.core.reading import Known, Reading, Unknown
from functions.tag_enforcer.decide import decide
from tests.cases import Cases, Never
from tests.golden.samples.names import CHECKOUT, NOW

_KEPT: Final = {"owner": "payments", "environment": "production"}
_LAB: Final = {"owner": "payments", "environment": "experimental"}
_DENIED: Final = Unknown("reading the tags: AccessDeniedException")
_TODAY: Final[date] = NOW.date()


def _judged(rule: str, tags: Mapping[str, str] | Unknown) -> Verdict:
    known: Reading[Mapping[str, str]] = tags if isinstance(tags, Unknown) else Known(tags)
    seen = NOW - timedelta(days=3)
    decision = decide(CHECKOUT, known, first_seen=seen, policy=TagPolicy(), now=NOW)
    (verdict,) = [one for one in decision.verdicts if one.rule == rule]
    return verdict


def _owner(owner: str) -> Verdict:
    return _judged("owner-tag", _KEPT | {"owner": owner})


def _environment(environment: str) -> Verdict:
    return _judged("environment-tag", _KEPT | {"environment": environment})


def _expiry(days: int) -> Verdict:
    return _judged("expiry-tag", _LAB | {"expiry": (_TODAY + timedelta(days)).isoformat()})


CASES: Final = {
    "owner-tag": Cases(
        passes={"a team": _owner("payments"), "an address": _owner("team.pay+x@example.co.uk")},
        fails={
            "no tag": _judged("owner-tag", {}),
            "a blank": _owner("  "),
            "two words": _owner("a team"),
        },
        cannot_tell={"the tags were refused": _judged("owner-tag", _DENIED)},
    ),
    "environment-tag": Cases(
        passes={"a known one": _environment("production")},
        fails={
            "no tag": _judged("environment-tag", {}),
            "another case": _environment("Production"),
            "an unknown one": _environment("prod"),
        },
        cannot_tell={"the tags were refused": _judged("environment-tag", _DENIED)},
    ),
    "expiry-tag": Cases(
        passes={
            "none is needed": _judged("expiry-tag", _KEPT),
            "it ends today": _expiry(0),
            "as late as it may": _expiry(90),
        },
        fails={
            "it ended yesterday": _expiry(-1),
            "a day too late": _expiry(91),
            "one is needed": _judged("expiry-tag", _LAB),
            "no date": _judged("expiry-tag", _LAB | {"expiry": "soon"}),
            "a day that no month has": _judged("expiry-tag", _LAB | {"expiry": "2026-02-30"}),
            "none is needed, and it is past": _judged(
                "expiry-tag", _KEPT | {"expiry": "2026-03-01"}
            ),
        },
        cannot_tell={"the tags were refused": _judged("expiry-tag", _DENIED)},
    ),
    "tags-unreadable": Cases(
        passes={"they were read": _judged("tags-unreadable", _KEPT)},
        fails={"they were refused": _judged("tags-unreadable", _DENIED)},
        cannot_tell=Never("Tags that cannot be read fail: that is what it says."),
    ),
}
