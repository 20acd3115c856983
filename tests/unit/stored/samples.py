"""One of each thing that lies in the table or the bucket of a deployed stack."""

from datetime import UTC, datetime
from typing import Final

from functions.anomaly_detector.metrics.own_limits import FunctionLimits
from functions.anomaly_detector.metrics.signals import Signal
from functions.anomaly_detector.watch.function_list import FunctionList
from functions.scanner.deployers import Deployer
from functions.shared.advisories.index import ExportState
from functions.shared.advisories.published import CatalogueFile, IndexFile, Published
from functions.shared.flows.peer import Peer
from functions.shared.flows.state import Cycle, ExplainingChange
from functions.shared.muting.matcher import Matcher
from functions.shared.muting.silence import Silence
from functions.shared.muting.waiver import Waiver

EARLY: Final = datetime(2026, 3, 1, 9, 30, 15, 250000, tzinfo=UTC)
LATE: Final = datetime(2026, 3, 10, 12, tzinfo=UTC)
QUEUE: Final = Peer("sqs", "jobs/größere")

WAIVER: Final = Waiver(
    id="w1", matcher=Matcher(rule="permissive-cors", owner="shop"), owner="shop",
    reason="Größe „M“", expires=LATE, created_at=EARLY, created_by="ana", source="shop.yaml",
)  # fmt: skip
SILENCE: Final = Silence(
    id="s1", matcher=Matcher(environment="staging"), reason="Upgrade", by="ana",
    starts=EARLY, ends=LATE,
)  # fmt: skip
LIMITS: Final = FunctionLimits(
    30, 512, "arm64", reserved=7, reserved_unknown="", traced=True, modified_at=EARLY
)
LIMITS_OF_OLD: Final = FunctionLimits(3, 128, reserved_unknown="reading it: AccessDenied")
DEPLOYERS: Final = (
    Deployer("role/ci", "terraform", EARLY, LATE, 3),
    Deployer("user/ana", "", EARLY, EARLY),
)
CHANGES: Final = (
    ExplainingChange(LATE, "code updated", "ci"),
    ExplainingChange(EARLY, "caller let in", "ana", QUEUE),
)
PEERS: Final = (QUEUE, Peer("function", "orders"))
CYCLES: Final = (Cycle((QUEUE, Peer("function", "orders")), EARLY, LATE),)
ROSTER: Final = FunctionList(
    listed_at=LATE, sourced_at=EARLY, names=("orders", "mailer"), groups=4,
    sources={Signal.INVOCATIONS: frozenset({"orders"})},
    faults={"orders": {"count": 3, "example": "1-2"}}, faults_refused=True, account_limit=1000,
)  # fmt: skip
POINTER: Final = Published(
    index=IndexFile("advisories/index-ab.sqlite", "ab", 7, 3, LATE),
    previous=IndexFile("advisories/index-cd.sqlite", "cd", 6, 3, EARLY),
    source="https://example.com/osv",
    exports={
        "PyPI": ExportState(
            "PyPI", "https://example.com/osv/PyPI/all.zip", '"etag"', "", LATE, EARLY,
            10, 1, 12, 0,
        )
    },
    exploited=CatalogueFile("advisories/exploited-ef.json", "ef", 5, "kev", "", "", LATE),
)  # fmt: skip
