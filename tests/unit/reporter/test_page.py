"""What a report says: every function and alert counted once, nothing unknown called fine."""

from dataclasses import replace
from datetime import timedelta

from functions.reporter.page import Page, page_of
from functions.shared.alerting.finding import Kind
from functions.shared.config import ReportPolicy, WardenConfig
from functions.shared.core.reading import Known, Unknown
from functions.shared.core.severity import Severity
from tests.unit.reporter.sample import NOW, arn, estate, functions, stored


def test_it_begins_with_how_things_stand() -> None:
    assert (
        page_of(estate()).verdict
        == "3 critical and 10 high findings on 12 functions need attention."
    )
    calm = [one for one in estate().alerts if one.alert.finding.severity < Severity.HIGH]
    assert page_of(estate(found=calm)).verdict.startswith("Nothing critical or high is open; ")
    assert page_of(estate(found=[])).verdict == "Nothing is open."


def test_every_function_is_counted_by_owner_environment_and_runtime() -> None:
    page = page_of(estate())
    assert page.functions == 160
    for rows in (page.owners, page.environments, page.runtimes):
        assert sum(row.functions for row in rows) == 160
    assert page.unowned == sum(not one.tags for one in functions())


def test_a_credential_in_a_tag_is_not_shown() -> None:
    event, *others = functions()
    careless = replace(event, tags={"owner": "token=abcdef0123456789"})
    page = page_of(estate(functions=Known([careless, *others])))
    assert "token=[redacted]" in [row.name for row in page.owners]
    assert "token=[redacted]" in [row.owner for row in page.inventory]


def test_open_alerts_are_counted_once_in_each_table() -> None:
    page = page_of(estate())
    assert sum(row.total for row in page.owners) == page.open
    assert sum(row.total for row in page.environments) == page.open
    assert page.owners[0].name == "payments", "who has the worst comes first"


def test_the_same_finding_on_many_functions_is_told_once() -> None:
    page = page_of(estate())
    [jinja] = [one for one in page.attention.shown if one.title.startswith("jinja2")]
    assert jinja.count == 6
    assert jinja.owners == ("data-platform", "identity", "media", "payments", "search")
    assert page.attention.alerts == 12


def test_what_is_accepted_or_explained_is_not_counted_as_open() -> None:
    page = page_of(estate())
    assert page.muted == 2
    titles = [one.title for groups in page.sections.values() for one in groups.shown]
    assert "Node.js 16 is retired" not in titles


def test_incidents_have_their_picture_and_those_of_long_ago_are_left_out() -> None:
    old = stored("films-sync", "error-rate", Kind.ANOMALY, Severity.HIGH, "Long over",
                 owner="media", days=60, lasted=2)  # fmt: skip
    page = page_of(estate(found=[*estate().alerts, old]))
    assert page.incidents[0].stored.alert.finding.function == arn("crawler-sync")
    assert page.incidents[0].picture.startswith("data:image/svg+xml;base64,")
    assert "Long over" not in [one.stored.alert.finding.title for one in page.incidents]


def test_a_picture_that_was_not_read_is_named_where_it_lies() -> None:
    page = page_of(estate(pictures={}))
    assert page.incidents[0].picture == ""
    assert page.incidents[0].place == "s3://artifacts/pictures/1.svg"


def test_the_worst_functions_are_listed_first_and_the_rest_is_counted() -> None:
    few = WardenConfig(report=ReportPolicy(functions=10))
    page = page_of(estate(config=few))
    assert len(page.inventory) == 10
    assert page.omitted_functions == 150
    assert page.inventory[0].worst is Severity.CRITICAL


def test_what_could_not_be_read_is_said_and_not_called_nothing() -> None:
    page = page_of(
        estate(
            functions=Unknown("listing the functions: AccessDenied"),
            inventories=Unknown("listing the inventories: AccessDenied"),
        )
    )
    assert page.functions is None
    assert page.inventories is None
    incomplete = [one.what for one in page.sources if not one.is_read]
    assert incomplete == ["Functions", "Contents of code"]


def test_functions_whose_tags_could_not_be_listed_have_no_known_owner() -> None:
    untagged = [type(one)(one.function) for one in functions(20)]
    page: Page = page_of(estate(functions=Known(untagged)))
    assert page.unowned == 20
    assert [row.name for row in page.owners if row.functions] == ["tags not read"]


def test_new_flows_come_first_then_those_with_faults() -> None:
    flows = page_of(estate()).flows
    assert (flows.nodes, flows.links, flows.new) == (8, 7, 1)
    callers = [link.caller.label for link, _ in flows.worth_a_look[:2]]
    assert callers == ["host 203.0.113.7", "function checkout-webhook"]
    assert flows.cycles == ("function ledger-sync → function refunds-sync → function ledger-sync",)
    assert flows.drawing.startswith("data:image/svg+xml;base64,")


def test_the_chart_counts_what_opened_and_ended_on_each_day() -> None:
    one = stored("a", "r", Kind.DRIFT, Severity.LOW, "t", owner="o", days=2, lasted=24)
    days = page_of(estate(found=[one])).days
    assert len(days) == 30
    assert days[-1].day == NOW.date()
    counted = {day.day: (day.opened, day.resolved) for day in days if day.opened or day.resolved}
    assert counted == {
        (NOW - timedelta(days=2)).date(): (1, 0),
        (NOW - timedelta(days=1)).date(): (0, 1),
    }
