"""A realistic estate of made-up functions, the same at each run."""

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from functions.reporter.estate import Ecosystem, Estate, Inventories
from functions.shared.alerting.alert import Alert, State
from functions.shared.alerting.finding import Finding, Kind
from functions.shared.alerting.handling import Acknowledgement, Handling, Mute, MutedBy
from functions.shared.alerting.store import NEVER, StoredAlert
from functions.shared.aws.listing import Listed
from functions.shared.config import WardenConfig
from functions.shared.core.arn import FunctionArn
from functions.shared.core.inventory_keys import url_safe
from functions.shared.core.reading import Known
from functions.shared.core.severity import Severity
from functions.shared.cost.bill import Used, bill
from functions.shared.cost.list_prices import prices
from functions.shared.flows.edge import Tally, Via
from functions.shared.flows.graph import Graph, Link, Node
from functions.shared.flows.peer import Peer
from functions.shared.muting.matcher import Matcher
from functions.shared.muting.silence import Silence
from functions.shared.muting.waiver import Waiver
from functions.shared.review.period import Period

ACCOUNT: Final = "123456789012"
REGION: Final = "eu-west-1"
NOW: Final = datetime(2026, 11, 25, 5, 0, tzinfo=UTC)
ALERTING: Final = Handling(notified=State.OPENED)

_OWNERS: Final = {
    "payments": ("checkout", "refunds", "invoices", "ledger"),
    "media": ("films", "thumbnails", "subtitles"),
    "search": ("indexer", "suggest", "ranking"),
    "identity": ("login", "sessions", "invitations"),
    "data-platform": ("export", "rollup", "catalog"),
    "lab": ("crawler", "prototype"),
    "platform-team": ("lambda-warden",),
}
_VERBS: Final = ("webhook", "sync", "cleanup", "notify", "report", "import", "resize", "audit")
_RUNTIMES: Final = ("python3.13",) * 5 + ("nodejs22.x",) * 4 + ("java21", "python3.9", "go", "")

PICTURE: Final = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 160" role="img">
<rect width="640" height="160" fill="#fff"/>
<g stroke="#d9dfe7"><path d="M40 20H630M40 70H630M40 120H630"/></g>
<path d="M40 118L90 116 140 119 190 117 240 118 290 116 340 119 390 60 440 32 490 28 540 30 590 27
630 29" fill="none" stroke="#c01a2e" stroke-width="2"/>
<path d="M40 112L630 110" stroke="#2f78bd" stroke-dasharray="4 3" fill="none"/>
<text x="40" y="150" font-size="12" fill="#51606f">02:00</text>
<text x="600" y="150" font-size="12" fill="#51606f">05:00</text>
<text x="4" y="34" font-size="12" fill="#51606f">4,100</text>
</svg>"""


def arn(name: str) -> FunctionArn:
    return FunctionArn("aws", REGION, ACCOUNT, name)


def stored(
    name: str,
    rule: str,
    kind: Kind,
    severity: Severity,
    title: str,
    *,
    owner: str,
    days: float = 3.0,
    lasted: float | None = None,
    handling: Handling = ALERTING,
    environment: str = "production",
    **more: Any,
) -> StoredAlert:
    """An alert that is so many days old, and lasted so many hours if it is over."""
    first = NOW - timedelta(days=days)
    finding = Finding(
        rule=rule,
        kind=kind,
        severity=severity,
        function=arn(name),
        title=title,
        reason=more.pop("reason", f"{title}, as the last look at the function showed."),
        remedy=more.pop("remedy", "Look at the runbook of this rule, and deploy the fix."),
        **more,
    )
    over = lasted is not None
    return StoredAlert(
        Alert(
            finding=finding,
            scope="check",
            state=State.RESOLVED if over else State.OPENED,
            first_seen=first,
            last_seen=first + timedelta(hours=lasted or 0) if over else NOW,
            owner=owner,
            environment=environment,
        ),
        handling,
        due=NEVER,
    )


def functions(number: int = 160) -> list[Listed]:
    """Functions of all owners, some without tags."""
    made: list[Listed] = []
    dice = random.Random(7)  # noqa: S311 - the same estate at each run, no secret
    names = [
        (owner, f"{base}-{verb}")
        for owner, bases in _OWNERS.items()
        for base in bases
        for verb in _VERBS
    ]
    for index in range(number):
        owner, name = names[index % len(names)]
        suffix = f"-{index // len(names)}" if index >= len(names) else ""
        experimental = owner == "lab"
        tags = {"owner": owner, "environment": "experimental" if experimental else "production"}
        if index % 23 == 5:
            tags = {}
        elif index % 9 == 4:
            tags["environment"] = "back-office"
        runtime = dice.choice(_RUNTIMES)
        made.append(
            Listed(
                function=arn(f"{name}{suffix}"),
                revision="r",
                code_sha256=f"sha{index}=",
                tags=tags,
                runtime="provided.al2023" if runtime == "go" else runtime,
                package_type="Zip" if runtime else "Image",
                architecture="arm64",
                memory_mib=dice.choice((128, 256, 512, 1024, 2048)),
                timeout_seconds=30,
                code_bytes=dice.randint(20_000, 40_000_000),
                modified=f"2026-{dice.randint(1, 11):02}-{dice.randint(1, 24):02}T08:00:00Z",
            )
        )
    return made


def alerts() -> list[StoredAlert]:
    """What such an estate has: a few bad things, many small ones, and a past."""
    jinja = "jinja2 2.10 has 5 known vulnerabilities"
    made = [
        stored("checkout-webhook", "world-open-policy", Kind.EXPOSURE, Severity.CRITICAL,
               "Anyone can invoke this function", owner="payments", days=0.4,
               reason="The resource policy allows everyone ('*') to invoke the function in "
               "statement public-access.",
               remedy="Remove the statement: aws lambda remove-permission --function-name "
               "checkout-webhook --statement-id public-access"),
        stored("crawler-sync", "abnormal-behaviour", Kind.ANOMALY, Severity.CRITICAL,
               "Runaway: invocations, concurrency", owner="lab", days=0.1,
               environment="experimental",
               reason="Invocations are 4,100 in 5 minutes, 41 times the usual 100. Capped at 5 "
               "until 06:12 UTC.", evidence={"picture": f"s3://artifacts/pictures/{1}.svg"}),
        *(stored(name, "vulnerable-package", Kind.VULNERABILITY, Severity.HIGH, jinja,
                 owner=owner, days=41, subject="PyPI/jinja2/2.10",
                 reason="The deployed code contains jinja2 2.10 (PyPI), affected by "
                 "GHSA-462w-v97r-4m45, GHSA-g3rq-g295-4j3m and 3 more.",
                 remedy="Upgrade jinja2 to 3.1.6 or later and deploy.",
                 links=("https://osv.dev/vulnerability/GHSA-462w-v97r-4m45",))
          for owner, name in [("payments", "invoices-report"), ("payments", "ledger-report"),
                              ("media", "films-notify"), ("search", "suggest-report"),
                              ("data-platform", "export-report"), ("identity", "login-notify")]),
        stored("films-resize", "vulnerable-package", Kind.VULNERABILITY, Severity.CRITICAL,
               "pillow 9.0.0 has 12 known vulnerabilities", owner="media", days=12,
               handling=Handling(notified=State.OPENED, acknowledgement=Acknowledgement(
                   "grace", NOW - timedelta(hours=9), NOW + timedelta(hours=15),
                   Severity.CRITICAL)),
               remedy="Upgrade pillow to 10.3.0 or later and deploy."),
        stored("login-webhook", "open-function-url", Kind.EXPOSURE, Severity.HIGH,
               "Its URL asks for no authentication", owner="identity", days=6),
        stored("sessions-sync", "secrets-in-environment", Kind.EXPOSURE, Severity.HIGH,
               "A variable holds what looks like an AWS secret key", owner="identity", days=2),
        stored("ledger-sync", "deployment-drift", Kind.DRIFT, Severity.HIGH,
               "Fixed in the repository, not deployed: urllib3", owner="payments", days=19),
        *(stored(f"{base}-audit", "deployment-drift", Kind.DRIFT, Severity.MEDIUM,
                 "3 packages differ from package-lock.json", owner="search", days=9)
          for base in ("indexer", "suggest", "ranking")),
        *(stored(f"{base}-{verb}", "retired-runtime", Kind.LIFECYCLE, Severity.MEDIUM,
                 "Python 3.9 ended its support on 2025-12-15", owner="data-platform", days=33)
          for base in ("export", "rollup") for verb in ("sync", "cleanup", "notify", "import")),
        *(stored(f"prototype-{verb}", "expiry-tag", Kind.TAGGING, Severity.LOW,
                 "No expiry date", owner="lab", environment="experimental", days=15)
          for verb in _VERBS),
        *(stored(f"thumbnails-{verb}", "no-failure-destination", Kind.LIFECYCLE, Severity.LOW,
                 "Failed events are lost", owner="media", days=60) for verb in _VERBS),
        stored("films-import", "unread-contents", Kind.COVERAGE, Severity.MEDIUM,
               "A container image is not read yet", owner="media", days=80),
        stored("subtitles-import", "unread-contents", Kind.COVERAGE, Severity.MEDIUM,
               "A container image is not read yet", owner="media", days=80),
        stored("refunds-sync", "error-rate", Kind.ANOMALY, Severity.HIGH,
               "A fifth of the invocations failed", owner="payments", days=5, lasted=3.2,
               reason="212 of 980 invocations failed between 09:10 and 09:40, after a deployment "
               "by ci-pipeline at 09:04."),
        stored("indexer-import", "near-timeout", Kind.ANOMALY, Severity.MEDIUM,
               "It runs close to its timeout of 30 s", owner="search", days=11, lasted=7.5),
        stored("crawler-sync", "concurrency-capped", Kind.ENFORCEMENT, Severity.HIGH,
               "Concurrency capped at 5 until 06:12 UTC", owner="lab", days=0.09,
               environment="experimental",
               reason="It ran 41 times as often as usual; before, nothing was reserved. The cap is "
               "lifted by a schedule."),
        stored("crawler-import", "concurrency-capped", Kind.ENFORCEMENT, Severity.HIGH,
               "Concurrency capped at 5", owner="lab", days=4, lasted=1,
               environment="experimental",
               reason="It ran 22 times as often as usual. The previous setting was restored."),
        stored("crawler-sync", "throttled", Kind.ANOMALY, Severity.HIGH, "Throttled", owner="lab",
               days=0.08, environment="experimental",
               handling=Handling(mute=Mute(MutedBy.INHIBITION, "x", "Warden's own limit on the "
                                           "function's concurrency causes it."))),
        stored("catalog-report", "retired-runtime", Kind.LIFECYCLE, Severity.HIGH,
               "Node.js 16 is retired", owner="data-platform", days=120,
               handling=Handling(notified=State.OPENED, mute=Mute(
                   MutedBy.WAIVER, "w1", "Moves to the new platform in January.",
                   NOW + timedelta(days=51)))),
    ]  # fmt: skip
    dice = random.Random(11)  # noqa: S311 - the same estate at each run, no secret
    made += [
        stored(f"sessions-{dice.choice(_VERBS)}", "tag-policy", Kind.TAGGING, Severity.LOW,
               f"A finding of the past ({number})", owner="identity",
               days=dice.uniform(1, 29), lasted=dice.uniform(1, 60))
        for number in range(46)
    ]  # fmt: skip
    return made


def flows() -> Graph:
    """Some callers and callees, a new one, one with faults and a cycle."""
    since = NOW - timedelta(days=40)
    api, queue = Peer("apigateway", "shop"), Peer("sqs", "orders")
    host = Peer("host", "api.psp.example")
    checkout, ledger, refunds, crawler = (
        Peer("function", name)
        for name in ("checkout-webhook", "ledger-sync", "refunds-sync", "crawler-sync")
    )
    traced = frozenset({Via.TRACE})
    links = (
        Link(api, checkout, traced, since, NOW, Tally(41_200, 12, 3_100_000)),
        Link(checkout, queue, traced, since, NOW, Tally(39_800, 0, 410_000)),
        Link(queue, ledger, traced | {Via.MAPPING}, since, NOW, Tally(39_700, 41, 5_900_000),
             configured=True),
        Link(checkout, host, traced, since, NOW, Tally(40_100, 990, 9_800_000)),
        Link(ledger, refunds, traced, since, NOW, Tally(410, 0, 90_000)),
        Link(refunds, ledger, traced, since, NOW, Tally(404, 0, 81_000)),
        Link(Peer("host", "203.0.113.7"), crawler, traced, NOW - timedelta(hours=3), NOW,
             Tally(930, 0, 120_000), is_new=True),
    )  # fmt: skip
    peers = sorted({peer for link in links for peer in (link.caller, link.callee)})
    nodes = tuple(
        Node(peer, str(arn(peer.name)) if peer.kind == "function" else "") for peer in peers
    )
    return Graph(NOW, nodes, links, ((ledger, refunds),))


def estate(
    listed: Sequence[Listed] | None = None,
    found: Sequence[StoredAlert] | None = None,
    **changes: Any,
) -> Estate:
    """The estate as the reporter reads it."""
    every = functions() if listed is None else listed
    read = [url_safe(one.code_sha256) for one in every if one.package_type == "Zip"]
    usage: dict[Used, Known[float]] = {
        Used.REQUESTS: Known(71_204.0),
        Used.ARM_SECONDS: Known(4_980.0),
        Used.METRICS_READ: Known(860_160.0),
        Used.ALARMS: Known(25.0),
        Used.DASHBOARDS: Known(1.0),
        Used.LOGS: Known(0.26 * 1024**3),
        Used.TABLE_WRITES: Known(402_000.0),
        Used.TABLE_READS: Known(610_000.0),
        Used.QUEUE_REQUESTS: Known(390_000.0),
        Used.PUBLISHED: Known(212.0),
    }
    fields: dict[str, Any] = {
        "config": WardenConfig(),
        "account": ACCOUNT,
        "region": REGION,
        "bucket": "artifacts",
        "made_at": NOW,
        "period": Period.before(NOW, timedelta(days=7)),
        "functions": Known(every),
        "alerts": alerts() if found is None else found,
        "waivers": [
            Waiver(id="w1", matcher=Matcher(function="catalog-*", rule="retired-runtime"),
                   owner="data-platform", reason="Moves to the new platform in January.",
                   expires=NOW + timedelta(days=51), created_at=NOW - timedelta(days=30)),
            Waiver(id="w2", matcher=Matcher(subject="PyPI/jinja2/*"), owner="payments",
                   reason="Templates are our own.", expires=NOW + timedelta(days=6),
                   created_at=NOW - timedelta(days=80)),
        ],
        "silences": [
            Silence(id="s1", matcher=Matcher(owner="search"), reason="New cluster, 22:00 to 02:00.",
                    by="linus", starts=NOW - timedelta(days=1),
                    ends=NOW - timedelta(days=1) + timedelta(hours=4)),
        ],
        "inventories": Known(Inventories(
            digests=frozenset(read),
            read=len(read),
            ecosystems=(
                Ecosystem("npm", 612, 889, 48), Ecosystem("PyPI", 143, 231, 57),
                Ecosystem("Maven", 88, 91, 9), Ecosystem("Go", 41, 44, 6),
            ),
        )),
        "flows": flows(),
        "pictures": {"s3://artifacts/pictures/1.svg": PICTURE.encode()},
        "bill": bill(usage, timedelta(days=7), prices()),
    }  # fmt: skip
    return Estate(**(fields | changes))
