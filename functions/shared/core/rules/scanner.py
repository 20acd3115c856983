"""The scanner's rules: what a function is made of, and who may reach it."""

from typing import Final

from functions.shared.core.kind import Kind
from functions.shared.core.part import Part
from functions.shared.core.rules.rule import About, Explains, Rule
from functions.shared.core.rules.views import OWN_LOG
from functions.shared.core.severity import Severity

_SETTING: Final = "scanner.disabled_rules"

ROWS: Final = (
    Rule(
        id="administrator-role",
        part=Part.SCANNER,
        kind=Kind.EXPOSURE,
        title="Execution role is an administrator, or has wildcard rights",
        disabled_by=_SETTING,
    ),
    Rule(
        id="confused-deputy",
        part=Part.SCANNER,
        kind=Kind.EXPOSURE,
        title="A service may invoke the function for anybody",
        severity=Severity.MEDIUM,
        disabled_by=_SETTING,
    ),
    Rule(
        id="deployment-drift",
        part=Part.SCANNER,
        kind=Kind.DRIFT,
        title="Deployed code is not what the repository says",
        disabled_by=_SETTING,
    ),
    Rule(
        id="foreign-access",
        part=Part.SCANNER,
        kind=Kind.EXPOSURE,
        title="Code from, or access for, another account",
        disabled_by=_SETTING,
    ),
    Rule(
        id="foreign-event",
        part=Part.SCANNER,
        kind=Kind.COVERAGE,
        title="Events about functions that are not watched here",
        about=About.WARDEN,
        filed_under=Part.SCANNER,
        severity=Severity.LOW,
    ),
    Rule(
        id="no-failure-destination",
        part=Part.SCANNER,
        kind=Kind.LIFECYCLE,
        title="Failed events would be lost",
        severity=Severity.MEDIUM,
        disabled_by=_SETTING,
    ),
    Rule(
        id="open-function-url",
        part=Part.SCANNER,
        kind=Kind.EXPOSURE,
        title="Function URL is open to the internet, or to every AWS account",
        disabled_by=_SETTING,
    ),
    Rule(
        id="permissive-cors",
        part=Part.SCANNER,
        kind=Kind.EXPOSURE,
        title="Function URL trusts every web origin",
        severity=Severity.MEDIUM,
        disabled_by=_SETTING,
    ),
    Rule(
        id="retired-runtime",
        part=Part.SCANNER,
        kind=Kind.LIFECYCLE,
        title="Runtime is retired, or soon will be",
        disabled_by=_SETTING,
    ),
    Rule(
        id="risky-call",
        part=Part.SCANNER,
        kind=Kind.EXPOSURE,
        title="A call that opens a layer, loosens code signing or starts machines",
        about=About.ACCOUNT,
        filed_under=Part.SCANNER,
    ),
    Rule(
        id="secrets-in-code",
        part=Part.SCANNER,
        kind=Kind.EXPOSURE,
        title="Credential in deployed code",
        disabled_by=_SETTING,
    ),
    Rule(
        id="secrets-in-environment",
        part=Part.SCANNER,
        kind=Kind.EXPOSURE,
        title="Credential in an environment variable",
        disabled_by=_SETTING,
    ),
    Rule(
        id="shared-role",
        part=Part.SCANNER,
        kind=Kind.EXPOSURE,
        title="Execution role is shared by many functions",
        severity=Severity.LOW,
        disabled_by=_SETTING,
    ),
    Rule(
        id="stale-advisories",
        part=Part.SCANNER,
        kind=Kind.COVERAGE,
        title="Advisory data is out of date, or missing",
        about=About.WARDEN,
        filed_under=Part.ADVISORY_SYNC,
        log_query=OWN_LOG,
    ),
    Rule(
        id="tracing-off",
        part=Part.SCANNER,
        kind=Kind.COVERAGE,
        title="Tracing is off",
        severity=Severity.INFO,
        disabled_by=_SETTING,
    ),
    Rule(
        id="unfamiliar-deployer",
        part=Part.SCANNER,
        kind=Kind.EXPOSURE,
        title="Changed in an unusual way",
        disabled_by=_SETTING,
    ),
    Rule(
        id="unread-contents",
        part=Part.SCANNER,
        kind=Kind.COVERAGE,
        title="Deployed code could not be read completely",
    ),
    Rule(
        id="unread-function",
        part=Part.SCANNER,
        kind=Kind.COVERAGE,
        title="Function could not be read",
        explains=(
            Explains(
                rules=frozenset({"unread-contents", "tags-unreadable"}),
                why="The function as a whole could not be read.",
            ),
        ),
    ),
    Rule(
        id="vulnerable-package",
        part=Part.SCANNER,
        kind=Kind.VULNERABILITY,
        title="Package has known vulnerabilities",
        disabled_by=_SETTING,
    ),
    Rule(
        id="world-open-policy",
        part=Part.SCANNER,
        kind=Kind.EXPOSURE,
        title="Anyone can invoke this function",
        disabled_by=_SETTING,
    ),
)
