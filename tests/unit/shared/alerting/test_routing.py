"""Which topic an alert belongs to: the first route that takes it, the main topic otherwise."""

from dataclasses import replace
from typing import Any

import pytest

from functions.shared.alerting.alert import Alert, State
from functions.shared.alerting.finding import Kind
from functions.shared.alerting.routing import MAIN, route_of
from functions.shared.config import ConfigError, Route, load_config
from functions.shared.core.severity import Severity
from tests.unit.conftest import NOW
from tests.unit.shared.findings import finding


def alert(owner: str = "payments", environment: str = "production", **changes: Any) -> Alert:
    return Alert(
        finding=finding(**changes),
        scope="tags",
        state=State.OPENED,
        first_seen=NOW,
        last_seen=NOW,
        owner=owner,
        environment=environment,
    )


URGENT = Route(name="urgent", severities=("critical",))
PAYMENTS = Route(name="payments", owners=("payments", "billing-*"))


def test_without_routes_everything_goes_to_the_main_topic() -> None:
    assert route_of(alert(), ()) == MAIN


def test_the_first_route_that_takes_an_alert_has_it() -> None:
    critical = alert(severity=Severity.CRITICAL)
    assert route_of(critical, (URGENT, PAYMENTS)) == "urgent"
    assert route_of(critical, (PAYMENTS, URGENT)) == "payments"
    assert route_of(alert(), (URGENT, PAYMENTS)) == "payments"


def test_what_no_route_takes_falls_back_to_the_main_topic() -> None:
    assert route_of(alert(owner="search"), (URGENT, PAYMENTS)) == MAIN


def test_an_owner_may_be_given_by_pattern() -> None:
    assert route_of(alert(owner="billing-eu"), (PAYMENTS,)) == "payments"
    assert route_of(alert(owner="billing"), (PAYMENTS,)) == MAIN


def test_a_route_takes_only_what_meets_all_of_its_conditions() -> None:
    route = Route(
        name="both", owners=("payments",), environments=("production",), kinds=("exposure",)
    )
    assert route_of(alert(), (route,)) == "both"
    assert route_of(alert(environment="experimental"), (route,)) == MAIN
    assert route_of(alert(kind=Kind.DRIFT), (route,)) == MAIN


def test_what_nobody_owns_can_have_a_route_of_its_own() -> None:
    orphans = Route(name="orphans", owners=("unknown",))
    assert route_of(alert(owner=""), (orphans,)) == "orphans"
    assert route_of(alert(), (orphans,)) == MAIN


def test_a_route_without_conditions_takes_all_that_is_left() -> None:
    assert route_of(alert(owner=""), (URGENT, Route(name="rest"))) == "rest"


def test_a_resolution_takes_the_route_of_its_alert() -> None:
    gone = replace(alert(severity=Severity.CRITICAL), state=State.RESOLVED)
    assert route_of(gone, (URGENT,)) == "urgent"


def test_two_routes_with_one_name_are_refused() -> None:
    routes = [{"name": "payments"}, {"name": "payments", "owners": ["billing"]}]
    with pytest.raises(ConfigError, match="payments"):
        load_config({"notifications": {"routes": routes}})
