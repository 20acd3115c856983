"""An alert as a finding of Security Hub. Pure.

The AWS Security Finding Format and its limits: Security Hub API reference, AwsSecurityFinding and
BatchImportFindings; Security Hub user guide, "Required top-level ASFF attributes" and "Types
taxonomy for ASFF". What people keep about their own investigation (`Workflow`, `Note`) cannot be
imported for a finding that exists already; see `security_hub`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from functions.shared.alerting.alert import Alert
from functions.shared.alerting.finding import Finding, Kind
from functions.shared.alerting.formats.context import Context
from functions.shared.alerting.formats.links import runbook_of
from functions.shared.alerting.notification import Notice
from functions.shared.core.packages import Package
from functions.shared.core.rules import About
from functions.shared.core.severity import Severity
from functions.shared.core.text import plain

if TYPE_CHECKING:
    from mypy_boto3_securityhub.literals import SeverityLabelType
    from mypy_boto3_securityhub.type_defs import (
        AwsSecurityFindingTypeDef,
        ResourceTypeDef,
        SoftwarePackageTypeDef,
        VulnerabilityTypeDef,
    )

_SCHEMA: Final = "2018-10-08"
_CHECKS: Final = "Software and Configuration Checks"

TYPES: Final[Mapping[Kind, str]] = {
    Kind.VULNERABILITY: f"{_CHECKS}/Vulnerabilities/CVE",
    Kind.DRIFT: f"{_CHECKS}/AWS Security Best Practices",
    Kind.EXPOSURE: f"{_CHECKS}/AWS Security Best Practices",
    Kind.LIFECYCLE: f"{_CHECKS}/AWS Security Best Practices",
    Kind.COVERAGE: _CHECKS,
}
"""The kinds that concern those who live in Security Hub, as its taxonomy names them.

Coverage is among them: what Warden could not look at must not pass there for sound. Tags, behaviour
and Warden's own actions are the business of owners and on-call, who are told elsewhere.
"""

_SEVERITIES: Final["Mapping[Severity, SeverityLabelType]"] = {
    Severity.INFO: "INFORMATIONAL",
    Severity.LOW: "LOW",
    Severity.MEDIUM: "MEDIUM",
    Severity.HIGH: "HIGH",
    Severity.CRITICAL: "CRITICAL",
}
_PARTITIONS: Final = frozenset({"aws", "aws-cn", "aws-us-gov", "aws-us-iso", "aws-us-iso-b"})
_TITLE: Final = 256
_DESCRIPTION: Final = 1024
_RECOMMENDATION: Final = 512
_VULNERABILITIES: Final = 50


@dataclass(frozen=True, slots=True)
class Product:
    """Who reports: the default product of the account and region that Warden runs in.

    Only that account may import for it, so a finding's account is always this one.
    """

    partition: str
    region: str
    account: str

    @property
    def arn(self) -> str:
        """The ARN that findings are imported for."""
        return (
            f"arn:{self.partition}:securityhub:{self.region}:{self.account}"
            f":product/{self.account}/default"
        )


def concerns(alert: Alert) -> bool:
    """Whether an alert belongs into Security Hub."""
    return alert.finding.kind in TYPES


def finding_id(alert: Alert) -> str:
    """The finding's identity there, the same for as long as the alert is the same."""
    return f"lambda-warden/{alert.finding.fingerprint}"


def security_finding(
    notice: Notice, product: Product, context: Context
) -> "AwsSecurityFindingTypeDef":
    """The finding to import for an alert.

    Args:
        notice: The alert, of a kind that `concerns` Security Hub.
        product: Who reports it.
        context: What its link needs, and when it is reported: an import that is not newer than
            the last one changes nothing.
    """
    alert = notice.alert
    finding = alert.finding
    document: AwsSecurityFindingTypeDef = {
        "SchemaVersion": _SCHEMA,
        "Id": finding_id(alert),
        "ProductArn": product.arn,
        "ProductName": "Lambda Warden",
        "CompanyName": "Lambda Warden",
        "GeneratorId": f"lambda-warden/{finding.rule}",
        "AwsAccountId": product.account,
        "CreatedAt": _time(alert.first_seen),
        "FirstObservedAt": _time(alert.first_seen),
        "LastObservedAt": _time(alert.last_seen),
        "UpdatedAt": _time(context.now),
        "Title": plain(finding.title, _TITLE),
        "Description": plain(finding.reason, _DESCRIPTION),
        "Remediation": {"Recommendation": {"Text": plain(finding.remedy, _RECOMMENDATION)}},
        "FindingProviderFields": {
            "Severity": {
                "Label": _SEVERITIES[finding.severity],
                "Original": finding.severity.label,
            },
            "Types": [TYPES[finding.kind]],
        },
        "RecordState": "ACTIVE" if alert.is_open else "ARCHIVED",
        "ProductFields": _product_fields(notice),
        "Resources": [_resource(alert)],
    }
    if context.runbooks_url:
        runbook = runbook_of(finding.rule, context)
        document["Remediation"]["Recommendation"]["Url"] = runbook
    if vulnerabilities := _vulnerabilities(finding):
        document["Vulnerabilities"] = vulnerabilities
    return document


def _time(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _product_fields(notice: Notice) -> dict[str, str]:
    alert = notice.alert
    fields = {
        "state": notice.state.value,
        "rule": alert.finding.rule,
        "kind": alert.finding.kind.value,
        "fingerprint": alert.finding.fingerprint,
        "severity_reason": alert.finding.severity_reason,
        "owner": alert.owner,
        "environment": alert.environment,
        "count": str(alert.count),
    }
    return {f"lambda-warden/{name}": value for name, value in fields.items() if value}


def _resource(alert: Alert) -> "ResourceTypeDef":
    function = alert.finding.function
    if alert.finding.about is About.ACCOUNT:
        account = f"AWS::::Account:{function.account}"
        return {"Type": "AwsAccount", "Id": account, "Region": function.region}
    resource: ResourceTypeDef = {
        "Type": "AwsLambdaFunction",
        "Id": str(function),
        "Region": function.region,
        "Details": {"AwsLambdaFunction": {"FunctionName": function.name}},
    }
    if function.partition in _PARTITIONS:
        resource["Partition"] = function.partition  # type: ignore[typeddict-item] # a literal
    return resource


def _vulnerabilities(finding: Finding) -> "list[VulnerabilityTypeDef]":
    """What the evidence of a vulnerable package says, in Security Hub's own fields."""
    advisories, purl = finding.evidence.get("advisories"), finding.evidence.get("purl")
    if not isinstance(advisories, list) or not isinstance(purl, str):
        return []
    flaws = finding.evidence.get("flaws")
    named = dict(zip(advisories, flaws, strict=False)) if isinstance(flaws, list) else {}
    safe = finding.evidence.get("safe")
    package = _package(purl, safe if isinstance(safe, str) else "")
    return [
        _vulnerability(id_, named.get(id_, id_), package) for id_ in advisories[:_VULNERABILITIES]
    ]


def _vulnerability(
    id_: str, flaw: str, package: "SoftwarePackageTypeDef"
) -> "VulnerabilityTypeDef":
    """One flaw by its advisory, and by its CVE where that is another name."""
    known: VulnerabilityTypeDef = {
        "Id": id_,
        "VulnerablePackages": [package],
        "ReferenceUrls": [f"https://osv.dev/vulnerability/{id_}"],
    }
    return known if flaw == id_ else known | {"RelatedVulnerabilities": [flaw]}


def _package(purl: str, safe: str) -> "SoftwarePackageTypeDef":
    try:
        package = Package.from_purl(purl)
    except ValueError:  # a bounded fact may have been cut; what is left of it still names it
        return {"Name": purl}
    known: SoftwarePackageTypeDef = {
        "Name": package.name,
        "Version": package.version,
        "PackageManager": package.ecosystem,
    }
    return known | {"FixedInVersion": safe} if safe else known
