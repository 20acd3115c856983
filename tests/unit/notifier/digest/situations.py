"""A week in an estate, for digests to look back on."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from functions.notifier.digest.compose import Situation
from functions.notifier.digest.schedule import Edition
from functions.shared.alerting.alert import Alert, State
from functions.shared.alerting.finding import Kind
from functions.shared.alerting.handling import Acknowledgement, Handling, Mute, MutedBy
from functions.shared.alerting.store import NEVER, StoredAlert
from functions.shared.core.arn import FunctionArn
from functions.shared.core.reading import Known, Unknown
from functions.shared.core.severity import Severity
from functions.shared.cost.bill import Bill, Used, bill
from functions.shared.cost.list_prices import prices
from functions.shared.muting.matcher import Matcher
from functions.shared.muting.silence import Silence
from functions.shared.muting.waiver import Waiver
from functions.shared.review.period import Period
from tests.unit.shared.findings import finding

MONDAY: Final = datetime(2026, 3, 9, 7, 0, tzinfo=UTC)
WEEK: Final = Edition("weekly", Period(MONDAY - timedelta(days=7), MONDAY))
NOW: Final = MONDAY + timedelta(minutes=1)
WITHIN: Final = MONDAY - timedelta(days=2)
BEFORE: Final = MONDAY - timedelta(days=30)
ALERTING: Final = Handling(notified=State.OPENED)


def alert(
    function: str = "orders",
    *,
    since: datetime = WITHIN,
    until: datetime | None = None,
    owner: str = "payments",
    handling: Handling = ALERTING,
    **changes: Any,
) -> StoredAlert:
    """An alert about a function, open unless it has an end."""
    arn = FunctionArn("aws", "eu-west-1", "123456789012", function)
    return StoredAlert(
        Alert(
            finding=finding(changes.pop("rule", "no-owner"), function=arn, **changes),
            scope="check",
            state=State.RESOLVED if until else State.OPENED,
            first_seen=since,
            last_seen=until or NOW,
            owner=owner,
        ),
        handling,
        due=NEVER,
    )


def muted(by: MutedBy, reason: str = "Known.", until: datetime | None = None) -> Handling:
    return Handling(notified=State.OPENED, mute=Mute(by, "id", reason, until))


def acknowledged(by: str) -> Handling:
    until = NOW + timedelta(hours=20)
    return Handling(
        notified=State.OPENED, acknowledgement=Acknowledgement(by, WITHIN, until, Severity.HIGH)
    )


def waiver(
    id_: str = "w1", *, expires: datetime, owner: str = "payments", **matcher: str
) -> Waiver:
    return Waiver(
        id=id_,
        matcher=Matcher(**matcher),
        owner=owner,
        reason="Behind a proxy.",
        expires=expires,
        created_at=BEFORE,
    )


def silence(*, starts: datetime, ends: datetime, **matcher: str) -> Silence:
    return Silence(
        id="s1",
        matcher=Matcher(**matcher),
        reason="Maintenance of the shop.",
        by="ada",
        starts=starts,
        ends=ends,
    )


def costs(*, known: bool = True) -> Bill:
    usage = {
        Used.REQUESTS: Known(70_000.0),
        Used.ARM_SECONDS: Known(5_000.0),
        Used.METRICS_READ: Known(1_000_000.0) if known else Unknown("AccessDenied"),
    }
    return bill(usage, timedelta(days=7), prices())


def situation(
    *alerts: StoredAlert,
    waivers: Sequence[Waiver] = (),
    silences: Sequence[Silence] = (),
    **changes: Any,
) -> Situation:
    fields: dict[str, Any] = {
        "edition": WEEK,
        "now": NOW,
        "account": "123456789012",
        "region": "eu-west-1",
        "platform": "platform-team",
        "bill": costs(),
        "report": "https://eu-west-1.console.aws.amazon.com/s3/object/artifacts",
    }
    return Situation(alerts=alerts, waivers=waivers, silences=silences, **(fields | changes))


def busy_week() -> Situation:
    """Something in every section."""
    return situation(
        alert("checkout-webhook", title="Anyone can invoke this function", rule="world-open-policy",
              kind=Kind.EXPOSURE, severity=Severity.CRITICAL),
        alert("invoices", title="jinja2 2.10 has 5 known vulnerabilities", since=BEFORE,
              rule="vulnerable-package", kind=Kind.VULNERABILITY, handling=acknowledged("grace")),
        alert("invoices", title="No failure destination", severity=Severity.LOW, since=BEFORE,
              rule="no-failure-destination", kind=Kind.LIFECYCLE),
        alert("refunds", title="Unusual errors", rule="abnormal-behaviour", kind=Kind.ANOMALY,
              until=WITHIN + timedelta(minutes=3), handling=Handling()),
        alert("refunds", title="A fifth of the invocations failed", rule="error-rate",
              kind=Kind.ANOMALY, until=WITHIN + timedelta(hours=5)),
        alert("legacy-export", title="Python 3.8 is retired", rule="retired-runtime",
              kind=Kind.LIFECYCLE, since=BEFORE,
              handling=muted(MutedBy.WAIVER, "Goes away in April.", NOW + timedelta(days=9))),
        alert("crawler", title="Throttled", rule="throttled", kind=Kind.ANOMALY, owner="lab",
              handling=muted(MutedBy.INHIBITION, "Warden's own limit causes it.")),
        alert("crawler", title="Capped at 5 for an hour", rule="concurrency-capped",
              kind=Kind.ENFORCEMENT, owner="lab", until=WITHIN + timedelta(hours=1),
              reason="It ran 40 times as often as usual."),
        alert("blob", title="The package could not be read", rule="unread-contents",
              kind=Kind.COVERAGE, severity=Severity.MEDIUM),
        alert("nobodys", title="No owner", owner=""),
        waivers=[waiver(expires=NOW + timedelta(days=9), function="legacy-*"),
                 waiver("w2", expires=WITHIN, function="orders", rule="tag-policy"),
                 waiver("w3", expires=NOW + timedelta(days=90), function="gone-*", owner="lab")],
        silences=[silence(starts=WITHIN, ends=WITHIN + timedelta(hours=2), owner="payments")],
    )  # fmt: skip
