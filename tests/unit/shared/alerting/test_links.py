"""Where an alert sends people: the right page, of the right partition, at the right time."""

import re
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.shared.alerting.alert import Alert, State
from functions.shared.alerting.evidence import key_of
from functions.shared.alerting.finding import Kind
from functions.shared.alerting.formats.context import Context
from functions.shared.alerting.formats.jsurl import jsurl
from functions.shared.alerting.formats.links import links_of
from functions.shared.core.arn import FunctionArn
from tests.unit.conftest import NOW
from tests.unit.shared.alerting import jsurl_reader
from tests.unit.shared.alerting.alerts import CONTEXT, ago, alert
from tests.unit.shared.alerting.anything import alerts, contexts


def links(one: Alert, context: Context = CONTEXT) -> dict[str, str]:
    return {link.title: link.url for link in links_of(one, context)}


def measured(rule: str = "error-rate", **changes: Any) -> Alert:
    return alert(rule, kind=Kind.ANOMALY, **changes)


names = st.text("abcXYZ.$_ \u00e9\u65e5", min_size=1, max_size=5)
values: st.SearchStrategy[Any] = st.recursive(
    st.text(max_size=20) | st.integers(0, 10**9) | st.booleans(),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(names, inner, min_size=1, max_size=4)
    ),
    max_leaves=8,
)


@given(values)
def test_what_is_written_in_jsurl_is_read_back(value: Any) -> None:
    written = jsurl(value)
    assert jsurl_reader.read(written) == value
    assert re.fullmatch(r"[!-~]+", written)
    assert "'" not in written, "mail programs end a link at an apostrophe"


def graph(one: Alert) -> dict[str, Any]:
    shown: dict[str, Any] = jsurl_reader.read(
        links(one)["Metrics"].partition("#metricsV2?graph=")[2]
    )
    return shown


def test_the_graph_shows_what_the_rule_measures_from_before_it_began_until_now() -> None:
    shown = graph(measured(first_seen=ago(hours=1)))
    assert [(one[1], one[4]["stat"]) for one in shown["metrics"]] == [
        ("Invocations", "Sum"),
        ("Errors", "Sum"),
    ]
    assert {tuple(one[2:4]) for one in shown["metrics"]} == {("FunctionName", "orders")}
    assert shown["start"] == "2026-03-10T08:00:00.000Z"
    assert shown["end"] == "2026-03-10T12:00:00.000Z"
    assert (shown["period"], shown["region"]) == (60, "eu-west-1")


def test_the_graph_begins_where_the_evidence_says_that_it_began() -> None:
    shown = graph(measured(evidence={"since": ago(hours=2).isoformat()}))
    assert shown["start"] == "2026-03-10T07:00:00.000Z"
    for nonsense in ("yesterday", "2026-03-10T09:00:00", 7):
        assert graph(measured(evidence={"since": nonsense}))["start"] == "2026-03-10T08:59:00.000Z"


def test_the_graph_of_what_is_over_ends_soon_after() -> None:
    over = measured(state=State.RESOLVED, first_seen=ago(days=2), last_seen=ago(days=1))
    shown = graph(over)
    assert shown["end"] == "2026-03-09T12:30:00.000Z"
    assert shown["period"] == 300


@pytest.mark.parametrize(("days", "period"), [(0.1, 60), (3, 300), (20, 3600), (400, 3600)])
def test_a_longer_graph_has_wider_points(days: float, period: int) -> None:
    shown = graph(measured(first_seen=ago(days=days)))
    assert shown["period"] == period
    length = datetime.fromisoformat(shown["end"]) - datetime.fromisoformat(shown["start"])
    assert length <= timedelta(days=61)
    assert length / timedelta(seconds=period) < 1_700


def test_the_logs_open_with_the_query_filled_in() -> None:
    url = links(measured(first_seen=ago(hours=1)))["Logs"]
    place, _, detail = url.partition("#logsV2:logs-insights$3FqueryDetail$3D")
    assert place == "https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1"
    query = jsurl_reader.read(detail)
    assert query["source"] == ["/aws/lambda/orders"]
    assert "filter @message like" in query["editorString"]
    assert (query["start"], query["end"]) == (
        "2026-03-10T08:00:00.000Z",
        "2026-03-10T12:00:00.000Z",
    )


def test_what_is_not_measured_has_neither_graph_nor_logs() -> None:
    assert links(alert()).keys() == {"Runbook", "Function"}


def test_what_is_wrong_with_warden_leads_to_its_log() -> None:
    assert "Logs" in links(alert("stale-advisories", kind=Kind.COVERAGE))


@pytest.mark.parametrize(
    ("partition", "region", "host"),
    [
        ("aws", "eu-west-1", "eu-west-1.console.aws.amazon.com"),
        ("aws-cn", "cn-north-1", "cn-north-1.console.amazonaws.cn"),
        ("aws-us-gov", "us-gov-west-1", "us-gov-west-1.console.amazonaws-us-gov.com"),
    ],
)
def test_links_lead_into_the_console_of_the_partition(
    partition: str, region: str, host: str
) -> None:
    one = measured(function=FunctionArn(partition, region, "123456789012", "orders"))
    pages = links(one)
    pages.pop("Runbook")
    assert {urlsplit(url).hostname for url in pages.values()} == {host}
    assert {tuple(parse_qs(urlsplit(url).query)["region"]) for url in pages.values()} == {(region,)}


def test_a_partition_without_a_public_console_has_no_dead_links() -> None:
    one = measured(function=FunctionArn("aws-iso", "us-iso-east-1", "123456789012", "orders"))
    assert links(one).keys() == {"Runbook"}


def test_a_trace_is_linked_where_the_evidence_names_one() -> None:
    trace = "1-69ae3c40-0123456789abcdef01234567"
    url = links(measured(evidence={"trace": trace}))["Trace"]
    assert url.endswith(f"#xray:traces/{trace}")
    assert "Trace" not in links(measured(evidence={"trace": f"{trace}/../evil"}))


def test_a_picture_is_linked_by_its_expiring_address() -> None:
    place = "s3://bucket/pictures/1.png"
    signed = "https://bucket.s3.amazonaws.com/pictures/1.png?X-Amz-Signature=abc"
    one = measured(evidence={"picture": place})
    assert links(one, replace(CONTEXT, pictures={place: signed}))["Picture"] == signed
    assert "Picture" not in links(one)


def test_evidence_that_was_cut_is_linked_whole() -> None:
    one = alert(evidence={"lines": ["x"] * 41})
    url = links(one)["Whole evidence"]
    assert parse_qs(urlsplit(url).query)["prefix"] == [key_of(one.finding)]
    assert urlsplit(url).path == "/s3/object/bucket"
    assert "Whole evidence" not in links(one, replace(CONTEXT, bucket=""))
    assert "Whole evidence" not in links(alert(evidence={"lines": ["x"] * 40}))


def test_the_advisory_and_the_documentation_are_named() -> None:
    one = alert(
        links=(
            "https://osv.dev/vulnerability/GHSA-462w-v97r-4m45",
            "https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html",
            "https://example.org/x",
            "javascript:alert(1)",
            "https://evil.example/a b",
            "http://insecure.example/",
        )
    )
    found = links(one)
    assert list(found)[2:] == [
        "Advisory GHSA-462w-v97r-4m45",
        "AWS documentation",
        "On example.org",
    ]


@given(alerts, contexts)
def test_every_link_is_one_word_over_https(one: Alert, context: Context) -> None:
    for link in links_of(one, context):
        assert re.fullmatch(r"https://[!-;=?-~]+", link.url)
        assert 0 < len(link.title) <= 60
        assert len(link.url) <= 2000


def test_now_is_the_end_of_a_graph_even_if_a_clock_is_wrong() -> None:
    shown = graph(measured(first_seen=NOW + timedelta(hours=1)))
    assert shown["start"] < shown["end"]
