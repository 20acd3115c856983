"""What the tag-enforcer, the anomaly-detector and the advisory-sync say."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from functions.advisory_sync.judge import judge
from functions.advisory_sync.run import SyncReport
from functions.advisory_sync.sync import EcosystemReport, Outcome
from functions.anomaly_detector.account.runaway import AccountIncident
from functions.anomaly_detector.account.runaway import verdict as account_verdict
from functions.anomaly_detector.account.tripwire import AccountSignal
from functions.anomaly_detector.metrics.cost import derived
from functions.anomaly_detector.metrics.own_limits import FunctionLimits, LastDeployment
from functions.anomaly_detector.metrics.series import Series, regular
from functions.anomaly_detector.metrics.signals import METRICS, Signal
from functions.anomaly_detector.page.gaps import NO_TRAIL
from functions.anomaly_detector.rules import abnormal_behaviour, trace_faults
from functions.anomaly_detector.rules.judging import judge as judge_function
from functions.anomaly_detector.rules.view import View
from functions.anomaly_detector.tick.coverage import ACCOUNT, missing, traces_unread
from functions.anomaly_detector.watch.incident import Deviation, Incident
from functions.anomaly_detector.watch.past import Past
from functions.anomaly_detector.watch.standing import Standing
from functions.shared.alerting.finding import Finding
from functions.shared.config import DetectorPolicy, TagPolicy
from functions.shared.core.arn import FunctionArn
from functions.shared.core.reading import Known, Reading, Unknown
from functions.shared.core.severity import Severity
from functions.shared.core.tool import Tool
from functions.shared.policy.model import Exemption
from functions.shared.policy.read import default_policy
from functions.tag_enforcer.decide import decide
from functions.tag_enforcer.review import exemptions_verdict, upload_verdict
from functions.tag_enforcer.tagged import TaggedFunction
from tests.golden.samples.names import CHECKOUT, DETECTOR, ENFORCER, NOW, SYNC
from tests.golden.samples.scanner import only

_PERIOD: Final = 300
_LIMITS: Final = FunctionLimits(timeout_seconds=10, memory_mib=1024, architecture="arm64")
_TAGS: Final = {"owner": "payments-team", "environment": "production"}


_EXEMPTION: Final = Exemption(
    arn="*:function:legacy-*",
    reason="replaced in spring",
    owner="platform",
    expires=NOW.date() - timedelta(days=1),
)


def _judged(tags: Mapping[str, str] | Unknown, rule: str, **known: Any) -> Finding:
    one: Reading[TaggedFunction] = (
        tags
        if isinstance(tags, Unknown)
        else Known(TaggedFunction(function=CHECKOUT, tags=tags, **known))
    )
    decision = decide(
        CHECKOUT,
        one,
        changed_at=NOW - timedelta(days=3),
        policy=default_policy(),
        names=TagPolicy(),
        now=NOW,
    )
    return only(next(one for one in decision.verdicts if one.rule == rule))


def _tagged(rule: str, **tags: str) -> Finding:
    return _judged({**_TAGS, **tags}, rule)


def tags() -> dict[str, Finding]:
    """What the tag-enforcer says."""
    experimental = {"environment": "experimental"}
    return {
        "expiry-tag": _tagged("expiry-tag", **experimental, expiry="2026-03-01"),
        "tag-policy": _judged({}, "tag-policy"),
        "tag-policy/unclassified": _judged({"owner": "payments-team"}, "tag-policy"),
        "tag-policy/wrong": _tagged(
            "tag-policy", environment="prod <https://evil.example|here> @channel"
        ),
        "tag-policy/nobody": _tagged("tag-policy", owner="Jane Doe (left)", expiry="next spring"),
        "tag-policy/no-expiry": _tagged("tag-policy", **experimental),
        "tag-policy/too-far": _tagged("tag-policy", **experimental, expiry="2030-01-01"),
        "tag-policy/misspelt": _judged({"Team": "payments", "env": "Prod"}, "tag-policy"),
        "tag-policy/inferred": _judged(
            {}, "tag-policy", stack="checkout-prod", stack_tags=_TAGS, tool=Tool.TERRAFORM
        ),
        "policy-file-invalid": only(
            upload_verdict(
                ["line 8: environments.lab.idle: write a number of days (found 'soon')"],
                "policy/policy.yaml",
                ENFORCER,
            )
        ),
        "exemption-ended": only(exemptions_verdict([_EXEMPTION], ENFORCER)),
        "tags-unreadable": _judged(
            Unknown("reading the tags: AccessDeniedException"), "tags-unreadable"
        ),
        "tags-unreadable/gone": _judged(
            Unknown("reading the tags: ResourceNotFoundException", missing=True), "tags-unreadable"
        ),
    }


def signals(**latest: float) -> dict[Signal, Series]:
    """Every signal of an hour, with those given ending in a value."""
    start = NOW - timedelta(hours=1)
    usual = {
        Signal.INVOCATIONS: 300.0,
        Signal.ERRORS: 0.0,
        Signal.THROTTLES: 0.0,
        Signal.DURATION: 180.0,
        Signal.DURATION_P99: 420.0,
        Signal.CONCURRENCY: 4.0,
    }
    made = {}
    for signal, level in usual.items():
        points = {start + timedelta(seconds=_PERIOD * n): level for n in range(12)}
        points[NOW - timedelta(seconds=_PERIOD)] = latest.get(signal.name.lower(), level)
        made[signal] = regular(
            points,
            start=start,
            end=NOW,
            period_seconds=_PERIOD,
            absent_means_zero=METRICS[signal].absent_means_zero,
        )
    return made


def _deviation(signal: Signal, current: float, usual: float) -> Deviation:
    since = NOW - timedelta(minutes=25)
    return Deviation(signal, since, current, current * 1.1, usual, 0.97)


def _view(of: FunctionArn, event: dict[Signal, Series], limits: FunctionLimits = _LIMITS) -> View:
    past = Past()
    past.feed({**event, **derived(event, limits, period_seconds=_PERIOD)}, NOW)
    deployment = LastDeployment(NOW - timedelta(minutes=31), "arn:aws:iam::1:user/j.doe")
    return View(of, past, DetectorPolicy(), limits, deployment)


def _standing(severity: Severity, changes: str = "") -> Standing:
    since = NOW - timedelta(minutes=25)
    return Standing(since, NOW, severity, updates=1 if changes else 0)


def runaway(braked: str, changes: str = "", *, of: FunctionArn = CHECKOUT) -> Finding:
    """A function that calls itself without end."""
    incident = Incident(
        (
            _deviation(Signal.INVOCATIONS, 48_000.0, 300.0),
            _deviation(Signal.CONCURRENCY, 400.0, 4.0),
        ),
        runs_away=True,
        extra=1.49,
    )
    view = _view(of, signals(invocations=48_000.0))
    found = abnormal_behaviour.finding(view, _standing(Severity.CRITICAL, changes), incident)
    return replace(found, reason=f"{found.reason} {braked}")


def near_limits(of: FunctionArn = CHECKOUT) -> dict[str, Finding]:
    """A function that fails, is throttled and runs into its timeout."""
    event = signals(invocations=1_000.0, errors=412.0, throttles=600.0)
    event[Signal.MEMORY] = _level(97.0)
    event[Signal.DURATION_P99] = _level(9_700.0)
    event[Signal.CONCURRENCY] = _level(96.0)
    event[Signal.DEAD_LETTER_ERRORS] = _level(0.0, last=12.0)
    event[Signal.DESTINATION_FAILURES] = _level(0.0)
    limits = replace(_LIMITS, reserved=100)
    judged = judge_function(_view(of, event, limits))
    return {verdict.rule: only(verdict) for verdict in judged if verdict.findings}


def silent() -> Finding:
    """An interface that is called no longer."""
    hours = timedelta(days=15)
    start = NOW - hours
    points = {start + timedelta(seconds=_PERIOD * n): 300.0 for n in range(15 * 288 - 6)}
    calls = regular(
        points, start=start, end=NOW, period_seconds=_PERIOD, absent_means_zero=True, continued=True
    )
    judged = judge_function(_view(CHECKOUT, {Signal.INVOCATIONS: calls}))
    return only(next(verdict for verdict in judged if verdict.rule == "went-silent"))


def expiring() -> Finding:
    """A stream whose records are read shortly before they expire."""
    event = {**signals(), Signal.ITERATOR_AGE: _level(20 * 3.6e6)}
    judged = judge_function(_view(CHECKOUT, event))
    return only(next(verdict for verdict in judged if verdict.rule == "events-lost"))


def _level(value: float, last: float | None = None) -> Series:
    """An hour of one value, with another one at its end."""
    start = NOW - timedelta(hours=1)
    points = {start + timedelta(seconds=_PERIOD * n): value for n in range(12)}
    points[NOW - timedelta(seconds=_PERIOD)] = value if last is None else last
    return regular(points, start=start, end=NOW, period_seconds=_PERIOD, absent_means_zero=False)


def account() -> dict[str, Finding]:
    """The account as a whole, and sources that give nothing."""
    since = NOW - timedelta(minutes=9)
    concurrent = AccountSignal.CONCURRENCY
    incident = AccountIncident(
        since=since,
        last_out=NOW - timedelta(minutes=1),
        usual={concurrent: 180.0},
        peak={concurrent: 930.0},
        current={concurrent: 910.0},
    )
    full = replace(incident, limit=1000)
    gaps = {NO_TRAIL: ["checkout", "invoice-mailer"]}
    blind = {ACCOUNT: "reading the account's metrics: AccessDeniedException"}
    return {
        "account-runaway": only(account_verdict(DETECTOR, full, ["checkout"])),
        "account-runaway/room-left": only(account_verdict(DETECTOR, incident, [])),
        "signal-missing": only(missing(DETECTOR, gaps, functions=40, causes={})),
        "signal-missing/account": only(missing(DETECTOR, {}, functions=40, causes=blind)),
    }


def detector() -> dict[str, Finding]:
    """What the anomaly-detector says."""
    policy = DetectorPolicy()
    slow = Incident((_deviation(Signal.DURATION_P99, 4_800.0, 420.0),))
    return {
        "abnormal-behaviour": runaway(
            "Dry run: in enforce mode it would be capped at 8 concurrent executions."
        ),
        "abnormal-behaviour/unusual": abnormal_behaviour.finding(
            replace(_view(CHECKOUT, signals()), deployment=None), _standing(Severity.MEDIUM), slow
        ),
        "went-silent": silent(),
        "events-lost/expiring": expiring(),
        **near_limits(),
        "trace-faults": only(
            trace_faults.check(
                CHECKOUT,
                17,
                ["dynamodb: ProvisionedThroughputExceeded", "<!here> https://evil.example"],
                "1-69ae3c40-0123456789abcdef01234567",
                policy,
            )
        ),
        "traces-unread": only(traces_unread(DETECTOR, "AccessDeniedException")),
    }


def sync() -> dict[str, Finding]:
    """What the advisory-sync says."""
    report = SyncReport(
        published=False,
        pointer=None,
        ecosystems=(
            EcosystemReport("PyPI", Outcome.KEPT, "the source answered 503"),
            EcosystemReport("npm", Outcome.FAILED, "the export has 10 of 4,000 records"),
            EcosystemReport("Go", Outcome.UPDATED),
        ),
        catalogue=None,
        problems=(),
    )
    unlisted = EcosystemReport(
        "known-exploited", Outcome.KEPT, "the catalogue says that it has 1480 entries, it has 3"
    )
    return {
        "advisory-sync-failed": only(judge(report, SYNC)),
        "advisory-sync-failed/exploited": only(
            judge(replace(report, ecosystems=(), catalogue=unlisted), SYNC)
        ),
    }


def findings() -> dict[str, Finding]:
    """One finding for each thing that they say, by rule and variant."""
    return {**tags(), **detector(), **account(), **sync()}
