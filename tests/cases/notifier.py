"""The cases of the notifier's rules."""

from datetime import timedelta
from typing import Final

from functions.notifier import far_reaching, unknown_events, unmatched, waiver_changes
from functions.shared.alerting.alert import Alert
from functions.shared.alerting.finding import Verdict
from functions.shared.core.severity import Severity
from functions.shared.muting.matcher import Matcher
from functions.shared.muting.waiver import Waiver
from functions.shared.muting.waiver_file import read_waiver_file
from tests.cases import Cases, Elsewhere, Never
from tests.golden.samples.names import NOTIFIER, NOW
from tests.unit.shared.alerting.alerts import alert

_TOML: Final = b"""
[[waiver]]
function = "checkout"
owner = "payments"
reason = "Replaced in April."
expires = 2026-04-30
"""


def _file(text: bytes) -> Verdict:
    return waiver_changes.check(
        read_waiver_file("waivers/a.toml", text, NOW, platform="platform"), NOTIFIER
    )


def _far(matcher: Matcher, *alerts: Alert, expires: int = 51) -> Verdict:
    waiver = Waiver(
        id="w-1",
        matcher=matcher,
        owner="payments",
        reason="Replaced in April.",
        expires=NOW + timedelta(days=expires),
        created_at=NOW - timedelta(hours=1),
    )
    return far_reaching.check([waiver], alerts, NOTIFIER, NOW, stopping=frozenset({"expiry-tag"}))


def _waiver(hours: int, *alerts: Alert, expires: int = 51) -> Verdict:
    waiver = Waiver(
        id="w-1",
        matcher=Matcher(rule="tag-policy"),
        owner="payments",
        reason="Replaced in April.",
        expires=NOW + timedelta(days=expires),
        created_at=NOW - timedelta(hours=hours),
    )
    return unmatched.check([waiver], alerts, NOTIFIER, NOW)


CASES: Final = {
    "far-reaching-waiver": Cases(
        passes={
            "it is about one function and nothing critical": _far(
                Matcher(function="orders"), alert("tag-policy")
            ),
            "it has ended": _far(Matcher(rule="tag-policy"), expires=-1),
        },
        fails={
            "it names no function": _far(Matcher(rule="tag-policy")),
            "it names a pattern": _far(Matcher(function="pay-*")),
            "it accepts what is critical": _far(
                Matcher(function="orders"), alert("world-open-policy", severity=Severity.CRITICAL)
            ),
            "it accepts what the guard acts for": _far(
                Matcher(function="orders"), alert("expiry-tag")
            ),
        },
        cannot_tell=Never("Waivers and alerts stand in Warden's own table, or reading it fails."),
    ),
    "unknown-event": Cases(
        passes={
            "it tells of a function's state": unknown_events.check(
                "Lambda Function State Change", NOTIFIER
            ),
            "it is known to change nothing": unknown_events.check(
                "Durable Execution Status Change", NOTIFIER
            ),
        },
        fails={"it is new": unknown_events.check("Function Pool Status Change", NOTIFIER)},
        cannot_tell=Never("The type of an event is always there."),
    ),
    "waiver-file-invalid": Cases(
        passes={"all is well": _file(_TOML), "it is empty": _file(b"")},
        fails={
            "it is no TOML": _file(b"[[waiver"),
            "a reason is missing": _file(_TOML.replace(b"reason", b"# reason")),
            "it accepts nearly everything": _file(_TOML.replace(b"checkout", b"*")),
        },
        cannot_tell=Never("A file that cannot be read fails: that is what it says."),
    ),
    "waiver-unmatched": Cases(
        passes={
            "it accepts something": _waiver(72, alert("tag-policy")),
            "it is a day old at most": _waiver(23),
            "it has ended": _waiver(72, expires=-1),
        },
        fails={
            "nothing is there": _waiver(24),
            "another rule is": _waiver(72, alert("expiry-tag")),
        },
        cannot_tell=Elsewhere(
            "notifier/test_waiver_files.py", "test_a_table_that_cannot_be_read_fails_the_delivery"
        ),
    ),
}
