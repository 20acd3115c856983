"""What the notifier says of waivers."""

from datetime import timedelta
from typing import Final

from functions.notifier import far_reaching, unknown_events, unmatched, waiver_changes
from functions.shared.alerting.finding import Finding
from functions.shared.core.severity import Severity
from functions.shared.muting.matcher import Matcher
from functions.shared.muting.waiver import Waiver
from functions.shared.muting.waiver_file import read_waiver_file
from tests.golden.samples.names import NOTIFIER, NOW
from tests.golden.samples.scanner import only
from tests.unit.shared.alerting.alerts import alert, named

_WRONG: Final = b"""
[[waiver]]
function = "checkout"
rule = "retired-runtime"
owner = "payments-team"
reason = "Replaced in April."
expires = 2026-04-30

[[waiver]]
function = "*"
owner = "payments-team"
"""


def _idle(source: str) -> Finding:
    waiver = Waiver(
        id="w-84ef217e68dd",
        matcher=Matcher(function="chekout", rule="retired-runtime"),
        owner="payments-team",
        reason="Replaced in April.",
        expires=NOW + timedelta(days=51),
        created_at=NOW - timedelta(days=3),
        source=source,
    )
    return only(unmatched.check([waiver], [], NOTIFIER, NOW))


def _far(matcher: Matcher) -> Finding:
    waiver = Waiver(
        id="w-84ef217e68dd",
        matcher=matcher,
        owner="payments-team",
        reason="Replaced in April.",
        expires=NOW + timedelta(days=51),
        created_at=NOW - timedelta(days=3),
        source="waivers/platform-team.toml",
    )
    standing = [alert("world-open-policy", function=named("checkout"), severity=Severity.CRITICAL)]
    return only(far_reaching.check([waiver], standing, NOTIFIER, NOW))


def findings() -> dict[str, Finding]:
    """One finding for each thing that it says, by rule and variant."""
    name = "waivers/payments.toml"
    wrong = read_waiver_file(name, _WRONG, NOW, platform="platform")
    unreadable = read_waiver_file(name, b"[[waiver", NOW, platform="platform")
    return {
        "far-reaching-waiver": _far(Matcher(rule="retired-runtime")),
        "far-reaching-waiver/critical": _far(Matcher(function="checkout")),
        "unknown-event": only(unknown_events.check("Function Pool Status Change", NOTIFIER)),
        "waiver-file-invalid": only(waiver_changes.check(wrong, NOTIFIER)),
        "waiver-file-invalid/unreadable": only(waiver_changes.check(unreadable, NOTIFIER)),
        "waiver-unmatched": _idle(""),
        "waiver-unmatched/of-a-file": _idle(name),
    }
