"""Alerts in Security Hub: one finding for each, in step with the alert, within the format's limits.

Requests are checked against the service's own model, as botocore has it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from botocore.session import get_session
from botocore.stub import ANY, Stubber
from botocore.validate import ParamValidator
from hypothesis import given
from hypothesis import strategies as st

from functions.notifier.channels.asff import Product, concerns, security_finding
from functions.notifier.channels.security_hub import Refused, SecurityHub, workflow
from functions.shared.alerting.alert import Alert, State
from functions.shared.alerting.finding import Kind
from functions.shared.alerting.formats.context import Context
from functions.shared.alerting.handling import Decided, Handling, Mute, MutedBy
from functions.shared.alerting.history import HistoryEntry
from functions.shared.alerting.notification import AlertEvent, Notice
from functions.shared.aws.clients import Aws
from functions.shared.core.severity import Severity
from tests.unit.conftest import ACCOUNT, NOW, REGION
from tests.unit.shared.findings import finding

PRODUCT = Product("aws", REGION, ACCOUNT)
PRODUCT_ARN = f"arn:aws:securityhub:{REGION}:{ACCOUNT}:product/{ACCOUNT}/default"
RUNBOOKS = "https://git.example.com/warden/docs/runbooks"
CONTEXT = Context(now=NOW, runbooks_url=RUNBOOKS)
WAIVED = Mute(MutedBy.WAIVER, "w1", "Not reachable from outside", NOW + timedelta(days=30))
MODEL = get_session().get_service_model("securityhub")


def notice(
    *,
    state: State = State.OPENED,
    event: AlertEvent = AlertEvent.OPENED,
    handling: Handling | None = None,
    **changes: Any,
) -> Notice:
    fields = {"rule": "world-open-policy", "kind": Kind.EXPOSURE, "title": "Open to the world"}
    alert = Alert(
        finding=finding(**(fields | changes)),
        scope="scanner",
        state=state,
        first_seen=NOW - timedelta(days=2),
        last_seen=NOW - timedelta(hours=1),
        count=3,
        owner="payments",
        environment="production",
    )
    return Notice(alert, handling or Handling(), event)


def imported(one: Notice) -> Mapping[str, Any]:
    return security_finding(one, PRODUCT, CONTEXT)


class Hub:
    """A Security Hub that answers as it is told."""

    def __init__(self, stub: Stubber, hub: SecurityHub) -> None:
        self._stub = stub
        self.hub = hub

    def imports(self, number: int = 1, *, refuse: Mapping[str, str] | None = None) -> None:
        refused = [
            {"Id": id_, "ErrorCode": code, "ErrorMessage": "…"}
            for id_, code in (refuse or {}).items()
        ]
        answer = {
            "FailedCount": len(refused),
            "SuccessCount": number - len(refused),
            "FailedFindings": refused,
        }
        self._stub.add_response("batch_import_findings", answer, {"Findings": [ANY] * number})

    def updates(self, status: str, note: str, *ids: str, refuse: str = "") -> None:
        identifiers = [{"Id": id_, "ProductArn": PRODUCT_ARN} for id_ in ids]
        refused = [
            {"FindingIdentifier": one, "ErrorCode": refuse, "ErrorMessage": "…"}
            for one in identifiers
            if refuse
        ]
        self._stub.add_response(
            "batch_update_findings",
            {"ProcessedFindings": [], "UnprocessedFindings": refused},
            {
                "FindingIdentifiers": identifiers,
                "Workflow": {"Status": status},
                "Note": {"Text": note, "UpdatedBy": "Lambda Warden"},
            },
        )

    def fails(self, operation: str, code: str) -> None:
        self._stub.add_client_error(operation, code)


@pytest.fixture
def hub(aws: Aws) -> Iterator[Hub]:
    with Stubber(aws.security_hub) as stub:
        yield Hub(stub, SecurityHub(aws.security_hub, PRODUCT))
        stub.assert_no_pending_responses()


def test_an_open_alert_is_an_active_finding_about_its_function() -> None:
    one = notice(severity=Severity.CRITICAL, severity_reason="Anyone on the internet may call it.")
    fingerprint = one.alert.finding.fingerprint
    assert imported(one) == {
        "SchemaVersion": "2018-10-08",
        "Id": f"lambda-warden/{fingerprint}",
        "ProductArn": PRODUCT_ARN,
        "ProductName": "Lambda Warden",
        "CompanyName": "Lambda Warden",
        "GeneratorId": "lambda-warden/world-open-policy",
        "AwsAccountId": ACCOUNT,
        "CreatedAt": "2026-03-08T12:00:00.000Z",
        "FirstObservedAt": "2026-03-08T12:00:00.000Z",
        "LastObservedAt": "2026-03-10T11:00:00.000Z",
        "UpdatedAt": "2026-03-10T12:00:00.000Z",
        "Title": "Open to the world",
        "Description": "Nobody can be asked.",
        "Remediation": {
            "Recommendation": {"Text": "Tag it.", "Url": f"{RUNBOOKS}/world-open-policy.md"}
        },
        "FindingProviderFields": {
            "Severity": {"Label": "CRITICAL", "Original": "critical"},
            "Types": ["Software and Configuration Checks/AWS Security Best Practices"],
        },
        "RecordState": "ACTIVE",
        "ProductFields": {
            "lambda-warden/state": "opened",
            "lambda-warden/rule": "world-open-policy",
            "lambda-warden/kind": "exposure",
            "lambda-warden/fingerprint": fingerprint,
            "lambda-warden/severity_reason": "Anyone on the internet may call it.",
            "lambda-warden/owner": "payments",
            "lambda-warden/environment": "production",
            "lambda-warden/count": "3",
        },
        "Resources": [
            {
                "Type": "AwsLambdaFunction",
                "Id": str(one.alert.finding.function),
                "Partition": "aws",
                "Region": REGION,
                "Details": {"AwsLambdaFunction": {"FunctionName": "orders"}},
            }
        ],
    }


def test_a_flaw_is_named_by_its_cve_beside_the_advisory_of_another_name() -> None:
    evidence: dict[str, Any] = {
        "purl": "pkg:pypi/jinja2@2.10",
        "advisories": ["GHSA-462w-v97r-4m45", "CVE-2020-1"],
        "flaws": ["CVE-2019-10906", "CVE-2020-1"],
    }
    asff = imported(notice(rule="vulnerable-package", kind=Kind.VULNERABILITY, evidence=evidence))
    first, second = asff["Vulnerabilities"]
    assert (first["Id"], first["RelatedVulnerabilities"]) == (
        "GHSA-462w-v97r-4m45",
        ["CVE-2019-10906"],
    )
    assert "RelatedVulnerabilities" not in second


def test_a_vulnerable_package_is_named_with_its_advisories() -> None:
    one = notice(
        rule="vulnerable-package",
        kind=Kind.VULNERABILITY,
        evidence={
            "purl": "pkg:pypi/jinja2@2.10",
            "advisories": ["GHSA-462w-v97r-4m45", "GHSA-g3rq-g295-4j3m"],
            "safe": "2.11.3",
        },
    )
    package = {
        "Name": "jinja2",
        "Version": "2.10",
        "PackageManager": "PyPI",
        "FixedInVersion": "2.11.3",
    }
    assert imported(one)["Vulnerabilities"] == [
        {
            "Id": id_,
            "VulnerablePackages": [package],
            "ReferenceUrls": [f"https://osv.dev/vulnerability/{id_}"],
        }
        for id_ in ("GHSA-462w-v97r-4m45", "GHSA-g3rq-g295-4j3m")
    ]
    assert imported(one)["FindingProviderFields"]["Types"] == [
        "Software and Configuration Checks/Vulnerabilities/CVE"
    ]


def test_a_package_url_that_was_cut_still_names_the_package() -> None:
    evidence: dict[str, Any] = {"purl": "pkg:pypi/jin…", "advisories": ["GHSA-462w-v97r-4m45"]}
    one = notice(kind=Kind.VULNERABILITY, evidence=evidence)
    assert imported(one)["Vulnerabilities"][0]["VulnerablePackages"] == [{"Name": "pkg:pypi/jin…"}]


def test_without_a_place_for_runbooks_there_is_no_link() -> None:
    alone = security_finding(notice(), PRODUCT, Context(now=NOW))
    assert "Url" not in alone["Remediation"]["Recommendation"]


def test_the_id_stays_the_same_while_the_alert_changes() -> None:
    ids = {
        imported(one)["Id"]
        for one in (
            notice(),
            notice(severity=Severity.LOW, update_key="more"),
            notice(state=State.RESOLVED, event=AlertEvent.RESOLVED),
        )
    }
    assert len(ids) == 1


@pytest.mark.parametrize("kind", Kind)
def test_what_security_hub_is_about_is_sent_there(kind: Kind) -> None:
    kept_out = {Kind.TAGGING, Kind.ANOMALY, Kind.ENFORCEMENT}
    assert concerns(notice(kind=kind).alert) is (kind not in kept_out)


@given(text=st.text(st.characters(), min_size=1, max_size=3000), severity=st.sampled_from(Severity))
def test_no_finding_breaks_a_limit_of_the_format(text: str, severity: Severity) -> None:
    one = notice(
        severity=severity,
        kind=Kind.VULNERABILITY,
        title=f"Title {text}",
        reason=f"Reason {text}" * 3,
        remedy=f"Remedy {text}" * 3,
        severity_reason=text,
        evidence={"purl": text, "advisories": [text] * 60, "safe": text},
    )
    document = imported(one)
    shape = MODEL.operation_model("BatchImportFindings").input_shape
    assert shape is not None
    report = ParamValidator().validate({"Findings": [document]}, shape)
    assert not report.has_errors(), report.generate_report()
    assert len(document["Title"]) <= 256
    assert len(document["Description"]) <= 1024
    assert len(document["Remediation"]["Recommendation"]["Text"]) <= 512
    assert len(document["ProductFields"]) <= 50
    assert all(
        len(key) <= 128 and 0 < len(value) <= 2048
        for key, value in document["ProductFields"].items()
    )
    assert len(str(document).encode(errors="replace")) < 240 * 1024


def test_news_that_do_not_concern_it_are_not_sent(hub: Hub) -> None:
    assert hub.hub.send([notice(kind=Kind.TAGGING)], CONTEXT) == ()


def test_people_keep_their_say_about_an_open_finding(hub: Hub) -> None:
    hub.imports()
    assert hub.hub.send([notice(event=AlertEvent.UPDATED)], CONTEXT) == ()


def test_a_resolved_alert_is_archived_and_resolved(hub: Hub) -> None:
    one = notice(state=State.RESOLVED, event=AlertEvent.RESOLVED)
    assert imported(one)["RecordState"] == "ARCHIVED"
    hub.imports()
    hub.updates("RESOLVED", "Lambda Warden looked again and found it gone.", imported(one)["Id"])
    assert hub.hub.send([one], CONTEXT) == ()


def test_a_waived_alert_is_suppressed_with_the_reason(hub: Hub) -> None:
    one = notice(event=AlertEvent.WAIVED, handling=Handling(mute=WAIVED))
    assert imported(one)["RecordState"] == "ACTIVE"
    hub.imports()
    hub.updates(
        "SUPPRESSED",
        "Waived until 2026-04-09: Not reachable from outside",
        imported(one)["Id"],
    )
    assert hub.hub.send([one], CONTEXT) == ()


def test_a_waiver_that_ends_makes_the_finding_new_again(hub: Hub) -> None:
    history = (HistoryEntry(NOW, "waived", "accepted"), HistoryEntry(NOW, "unmuted"))
    handling = Handling(unsent=(Decided.UNMUTED,), history=history)
    one = notice(event=AlertEvent.UNMUTED, handling=handling)
    hub.imports()
    hub.updates("NEW", "The waiver ended, and it still holds.", imported(one)["Id"])
    assert hub.hub.send([one], CONTEXT) == ()


def test_a_silence_that_ends_changes_nothing_there() -> None:
    history = (
        HistoryEntry(NOW, "waived"),
        HistoryEntry(NOW, "unmuted"),
        HistoryEntry(NOW, "muted", "maintenance"),
    )
    handling = Handling(unsent=(Decided.UNMUTED,), history=history)
    assert workflow(notice(event=AlertEvent.UNMUTED, handling=handling)) is None


def test_a_silenced_alert_is_not_suppressed() -> None:
    silenced = Handling(mute=Mute(MutedBy.SILENCE, "s1", "maintenance", NOW))
    assert workflow(notice(handling=silenced)) is None


def test_several_news_of_one_alert_are_one_finding(hub: Hub) -> None:
    handling = Handling(mute=WAIVED)
    hub.imports(1)
    one = notice(handling=handling, event=AlertEvent.WAIVED)
    hub.updates(
        "SUPPRESSED",
        "Waived until 2026-04-09: Not reachable from outside",
        imported(one)["Id"],
    )
    assert hub.hub.send([notice(handling=handling), one], CONTEXT) == ()


def test_a_hundred_findings_share_a_request(hub: Hub) -> None:
    notices = [notice(subject=str(number)) for number in range(250)]
    for number in (100, 100, 50):
        hub.imports(number)
    assert hub.hub.send(notices, CONTEXT) == ()


def test_a_finding_that_is_refused_is_named_and_its_workflow_left_alone(hub: Hub) -> None:
    gone = [
        notice(subject=name, state=State.RESOLVED, event=AlertEvent.RESOLVED) for name in ("a", "b")
    ]
    first, second = (imported(one)["Id"] for one in gone)
    hub.imports(2, refuse={first: "InvalidInput"})
    hub.updates("RESOLVED", "Lambda Warden looked again and found it gone.", second)
    assert hub.hub.send(gone, CONTEXT) == (Refused(first, "InvalidInput"),)


def test_an_account_without_security_hub_is_told_of_by_its_code(hub: Hub) -> None:
    hub.fails("batch_import_findings", "InvalidAccessException")
    one = notice()
    assert hub.hub.send([one], CONTEXT) == (Refused(imported(one)["Id"], "InvalidAccessException"),)


def test_a_workflow_that_could_not_be_set_is_named(hub: Hub) -> None:
    gone = notice(state=State.RESOLVED, event=AlertEvent.RESOLVED)
    id_ = imported(gone)["Id"]
    hub.imports()
    hub.updates(
        "RESOLVED",
        "Lambda Warden looked again and found it gone.",
        id_,
        refuse="FindingNotFound",
    )
    assert hub.hub.send([gone], CONTEXT) == (Refused(id_, "FindingNotFound"),)


def test_a_function_in_a_partition_that_the_format_does_not_know_is_reported_all_the_same() -> None:
    one = notice()
    function = replace(one.alert.finding.function, partition="aws-eusc")
    elsewhere = notice(function=function)
    assert "Partition" not in imported(elsewhere)["Resources"][0]
