"""The cases of the advisory-sync's rule."""

from typing import Final

from functions.advisory_sync.judge import judge
from functions.advisory_sync.run import SyncReport
from functions.advisory_sync.sync import EcosystemReport, Outcome
from functions.shared.alerting.finding import Verdict
from tests.cases import Cases, Never
from tests.golden.samples.names import SYNC


def _sync(outcome: Outcome, catalogue: Outcome | None = None) -> Verdict:
    listed = EcosystemReport("known-exploited", catalogue, "no answer") if catalogue else None
    report = SyncReport(
        published=True,
        pointer=None,
        ecosystems=(EcosystemReport("PyPI", outcome, "no answer"),),
        catalogue=listed,
        problems=(),
    )
    return judge(report, SYNC)


CASES: Final = {
    "advisory-sync-failed": Cases(
        passes={
            "it is new": _sync(Outcome.UPDATED),
            "both are new": _sync(Outcome.UPDATED, Outcome.UPDATED),
        },
        fails={
            "the old one is kept": _sync(Outcome.KEPT),
            "there is none": _sync(Outcome.FAILED),
            "the list of exploited flaws": _sync(Outcome.UPDATED, Outcome.KEPT),
        },
        cannot_tell=Never("A sync that cannot be done fails: that is what it says."),
    ),
}
