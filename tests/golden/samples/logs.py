"""What the log-watch says."""

from datetime import datetime, timedelta
from typing import Final

from functions.log_watch.engine.catalogue import Pattern, built_in
from functions.log_watch.judge import Look, judge
from functions.shared.alerting.finding import Finding, Verdict
from functions.shared.config import LogSettings
from functions.shared.logs.store import Known, Logged, LogState
from tests.golden.samples.names import CHECKOUT, HOSTILE, NOW

_MINUTES: Final = timedelta(minutes=1)
_SINCE: Final = NOW - timedelta(days=40)
_GROUP: Final = "/aws/lambda/checkout"
_STREAM: Final = "2026/03/10/[$LATEST]0123456789abcdef"
OWN_PATTERN: Final = Pattern(
    "ledger-mismatch", "The ledger does not add up", "log-pattern", "high", ("ledger",), (), None, 1
)
_PATTERNS: Final = {one.id: one for one in (*built_in(), OWN_PATTERN)}


def logged(
    key: str, *, ago: int = 3, count: int = 1, first: datetime | None = None, **facts: str
) -> Logged:
    """Something that was first logged some minutes ago."""
    at = NOW - ago * _MINUTES
    return Logged(
        key=key,
        count=count,
        first=first or at,
        last=at,
        group=_GROUP,
        stream=_STREAM,
        facts=facts,
        in_hour=count,
        most_in_hour=count,
    )


def error(
    *, ago: int = 3, count: int = 4, sample: str = "", first: datetime | None = None
) -> Logged:
    """An error of the payment client."""
    return logged(
        "0123456789abcdef",
        ago=ago,
        count=count,
        first=first,
        type="KeyError",
        place="payments/client.py charge",
        message="<text>",
        sample=sample or "[ERROR] KeyError: 'amount' Traceback (most recent call last): File ...",
        request="8e2f0c1d-8d3e-4a64-b1a9-0123456789ab",
        trace="1-69ae3c40-0123456789abcdef01234567",
    )


def signal(
    pattern: str, *, count: int = 3, action: str = "", resource: str = "", text: str = ""
) -> Logged:
    """A signal of a pattern."""
    return logged(
        f"{pattern}\0{action}\0{resource}",
        count=count,
        pattern=pattern,
        action=action,
        resource=resource,
        sample=text,
    )


def sensitive(kind: str, detail: str = "", *, count: int = 12) -> Logged:
    """Something that should not stand in a log."""
    return logged(f"{kind}\0{detail}", count=count, kind=kind, detail=detail)


def verdict(
    rule: str,
    *,
    errors: tuple[Logged, ...] = (),
    signals: tuple[Logged, ...] = (),
    data: tuple[Logged, ...] = (),
    state: LogState | None = None,
    deployed_at: datetime | None = None,
    settings: LogSettings | None = None,
    hostile: bool = False,
) -> Verdict:
    """What a rule says of a function whose log has been read for forty days."""
    look = Look(
        function=HOSTILE if hostile else CHECKOUT,
        known=Known(state or LogState(_SINCE, NOW, _GROUP), errors, signals, data),
        patterns=_PATTERNS,
        deployed_at=deployed_at or NOW - timedelta(days=12),
        deployed_by="ci-deploy",
        settings=settings or LogSettings(),
        now=NOW,
    )
    return next(one for one in judge(look) if one.rule == rule)


GAPS: Final = LogState(_SINCE, NOW, _GROUP, "more kinds of errors than are kept (88)", NOW)
DENIED: Final = signal(
    "permission-denied",
    action="dynamodb:PutItem",
    resource="arn:aws:dynamodb:eu-west-1:123456789012:table/orders",
    text="User: arn:aws:sts::123456789012:assumed-role/checkout/checkout is not authorized to "
    "perform: dynamodb:PutItem on resource: arn:aws:dynamodb:eu-west-1:123456789012:table/orders",
)
_TEXTS: Final = {
    "out-of-memory": "RequestId: 8e2f0c1d Error: Runtime exited with error: signal: killed",
    "timed-out": "2026-03-10T08:00:00Z 8e2f0c1d Task timed out after 30.03 seconds",
    "failed-start": "Runtime.ImportModuleError: Unable to import module 'app': No module named 'x'",
    "runtime-exit": "RequestId: 8e2f0c1d Error: Runtime exited with error: exit status 1",
}


def findings() -> dict[str, Finding]:
    """One for each rule, and the variants that read differently."""
    found = {
        "new-error": verdict("new-error", errors=(error(),)),
        "new-error/deployed": verdict(
            "new-error", errors=(error(),), deployed_at=NOW - 9 * _MINUTES
        ),
        "new-error/hostile": verdict(
            "new-error", errors=(error(sample='"<img src=x>`$(id)`|*_~' * 6),), hostile=True
        ),
        "permission-denied": verdict("permission-denied", signals=(DENIED,)),
        "downstream-throttling": verdict(
            "downstream-throttling",
            signals=(
                signal("downstream-throttling", count=40, action="PutItem", text="Rate exceeded"),
            ),
        ),
        "log-pattern": verdict(
            "log-pattern", signals=(signal("ledger-mismatch", text="ledger off by 3"),)
        ),
        "sensitive-data-logged": verdict(
            "sensitive-data-logged",
            data=(
                sensitive("payment card number"),
                sensitive("e-mail address", count=2041),
                sensitive("credential", "github token", count=1),
            ),
        ),
        "log-gap": verdict("log-gap", state=GAPS),
    }
    for rule, text in _TEXTS.items():
        found[rule] = verdict(rule, signals=(signal(rule, text=text),))
    return {name: one.findings[0] for name, one in found.items()}
