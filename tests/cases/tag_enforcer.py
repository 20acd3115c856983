"""The cases of the tag-enforcer's rules."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

from functions.shared.alerting.finding import Verdict
from functions.shared.aws.listing import Listed
from functions.shared.config import TagPolicy
from functions.shared.core.reading import Known, Reading, Unknown
from functions.shared.estate.use import Use
from functions.shared.policy.model import Exemption
from functions.shared.policy.read import default_policy
from functions.shared.state.records import FunctionRecord
from functions.tag_enforcer.decide import decide
from functions.tag_enforcer.idle import Candidate, check
from functions.tag_enforcer.review import exemptions_verdict, upload_verdict
from functions.tag_enforcer.tagged import TaggedFunction
from tests.cases import Cases, Never
from tests.golden.samples.names import CHECKOUT, ENFORCER, NOW

_KEPT: Final = {"owner": "payments", "environment": "production"}
_LAB: Final = {"owner": "payments", "environment": "experimental"}
_DENIED: Final = Unknown("reading the tags: AccessDeniedException")
_TODAY: Final[date] = NOW.date()
_SOON: Final = (_TODAY + timedelta(30)).isoformat()
_FAULT: Final = "line 3: tags.owner.valeu: unknown; did you mean value?"
_EXEMPTION: Final = Exemption(
    arn="*:function:legacy-*", reason="replaced soon", owner="platform", expires=_TODAY
)


def _judged(rule: str, tags: Mapping[str, str] | Unknown, *, exempt: bool = False) -> Verdict:
    one: Reading[TaggedFunction] = (
        tags if isinstance(tags, Unknown) else Known(TaggedFunction(function=CHECKOUT, tags=tags))
    )
    policy = default_policy()
    if exempt:
        row = _EXEMPTION.model_copy(update={"arn": "*:function:checkout"})
        policy = policy.model_copy(update={"exemptions": (row,)})
    decision = decide(
        CHECKOUT,
        one,
        changed_at=NOW - timedelta(days=3),
        policy=policy,
        names=TagPolicy(),
        now=NOW,
    )
    (verdict,) = [one for one in decision.verdicts if one.rule == rule]
    return verdict


def _tagged(tags: Mapping[str, str]) -> Verdict:
    return _judged("tag-policy", tags)


def _expiry(days: int) -> Verdict:
    return _judged("expiry-tag", _LAB | {"expiry": (_TODAY + timedelta(days)).isoformat()})


_RULE: Final[Known[tuple[str, ...]]] = Known(("EventBridge rule yearly",))
_UNREAD: Final = Unknown("reading the resource policy: AccessDeniedException")


def _idle(
    *,
    called: int | None,
    changed: int = 300,
    environment: str = "experimental",
    callers: Reading[tuple[str, ...]] | None = None,
    looked: bool = True,
) -> Verdict:
    """A function that was last called, and changed, so many days ago."""
    looked_from = _TODAY - timedelta(400)
    last = _TODAY - timedelta(called) if called is not None else None
    candidate = Candidate(
        listed=Listed(CHECKOUT, modified=f"{_TODAY - timedelta(changed)}T10:00:00.000+0000"),
        record=FunctionRecord(deployed_by="ci", owner_found="payments", owner_by="its tag owner"),
        use=Use(looked_from, _TODAY, last) if looked else None,
        callers=callers or Known(()),
    )
    rules = default_policy().environments.get(environment)
    return check(candidate, environment, rules)


CASES: Final = {
    "tag-policy": Cases(
        passes={
            "a team": _tagged(_KEPT),
            "an address": _tagged(_KEPT | {"owner": "team.pay+x@example.co.uk"}),
            "an experiment with its end": _tagged(_LAB | {"expiry": _SOON}),
            "as late as it may": _tagged(_LAB | {"expiry": (_TODAY + timedelta(90)).isoformat()}),
            "a cost centre, which none needs": _tagged(_KEPT | {"cost-centre": "CC-4711"}),
            "exempt": _judged("tag-policy", {}, exempt=True),
        },
        fails={
            "no tags": _tagged({}),
            "a blank": _tagged(_KEPT | {"owner": "  "}),
            "two words": _tagged(_KEPT | {"owner": "a team"}),
            "no environment": _tagged({"owner": "payments"}),
            "another word for an environment": _tagged(_KEPT | {"environment": "Prod"}),
            "an unknown environment": _tagged(_KEPT | {"environment": "moon"}),
            "another key": _tagged({"Owner": "payments", "environment": "production"}),
            "an experiment without an end": _tagged(_LAB),
            "a day too late": _tagged(_LAB | {"expiry": (_TODAY + timedelta(91)).isoformat()}),
            "no date": _tagged(_LAB | {"expiry": "soon"}),
            "a day that no month has": _tagged(_LAB | {"expiry": "2026-02-30"}),
            "no cost centre": _tagged(_KEPT | {"cost-centre": "ours"}),
        },
        cannot_tell={"the tags were refused": _judged("tag-policy", _DENIED)},
    ),
    "expiry-tag": Cases(
        passes={
            "none is needed": _judged("expiry-tag", _KEPT),
            "it ends today": _expiry(0),
            "it has time": _expiry(90),
            "exempt": _judged("expiry-tag", _LAB | {"expiry": "2026-03-01"}, exempt=True),
        },
        fails={
            "it ended yesterday": _expiry(-1),
            "none is needed, and it is past": _judged(
                "expiry-tag", _KEPT | {"expiry": "2026-03-01"}
            ),
        },
        cannot_tell={"the tags were refused": _judged("expiry-tag", _DENIED)},
    ),
    "idle-function": Cases(
        passes={
            "called of late": _idle(called=3),
            "as long as it may": _idle(called=30),
            "changed of late": _idle(called=None, changed=3),
            "a yearly job that a rule starts": _idle(called=300, callers=_RULE),
            "an environment without a limit": _idle(called=300, environment=""),
        },
        fails={
            "a day too long": _idle(called=31),
            "never called": _idle(called=None),
            "what points at it is unknown": _idle(called=31, callers=_UNREAD),
        },
        cannot_tell={"nobody looked yet": _idle(called=None, looked=False)},
    ),
    "tags-unreadable": Cases(
        passes={"they were read": _judged("tags-unreadable", _KEPT)},
        fails={"they were refused": _judged("tags-unreadable", _DENIED)},
        cannot_tell=Never("Tags that cannot be read fail: that is what it says."),
    ),
    "policy-file-invalid": Cases(
        passes={"nothing is wrong": upload_verdict([], "policy/policy.yaml", ENFORCER)},
        fails={"a fault": upload_verdict([_FAULT], "policy/policy.yaml", ENFORCER)},
        cannot_tell=Never("A file that cannot be read fails, with the cause."),
    ),
    "exemption-ended": Cases(
        passes={"none has ended": exemptions_verdict([], ENFORCER)},
        fails={"one has ended": exemptions_verdict([_EXEMPTION], ENFORCER)},
        cannot_tell=Never("The policy in force always says which days its exemptions have."),
    ),
}
