"""`warden alerts`: what is open, or one alert with its whole history."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

import click

from functions.shared.core.severity import Severity
from warden import moments, status
from warden.alert_states import AlertState
from warden.options import SEVERITIES, as_table_or_json, examples, matching, on_deployment

if TYPE_CHECKING:
    from functions.shared.alerting.formats.context import Context
    from functions.shared.alerting.store import StoredAlert
    from functions.shared.runtime.deployment import Deployment

_UNKNOWN: Final = "unknown"
_EVERYTHING: Final = frozenset(AlertState)


@click.command(
    "alerts",
    epilog=examples(
        "warden alerts                          what is open",
        "warden alerts --severity high          what is high or critical",
        "warden alerts --owner 'pay*'           of every owner that begins so",
        "warden alerts --owner unknown          what nobody is responsible for",
        "warden alerts --older-than 7d          what nobody gets done",
        "warden alerts --state waived           what was accepted, and by whom",
        "warden alerts --all --function checkout",
        "warden alerts 3f9a12cd                 one alert with its whole history",
        "warden alerts --severity critical --format json | jq -r '.[].function.name'",
        status="0 when no alert shown is open, or each is waived; 1 when one is open;",
    ),
)
@click.argument("fingerprint", required=False)
@matching("owner", "environment", "function", "rule", "kind")
@click.option(
    "--severity", type=click.Choice(SEVERITIES), default="info", help="At least this severe."
)
@click.option(
    "--state",
    "states",
    type=click.Choice([one.value for one in AlertState]),
    multiple=True,
    help="Its state; repeatable. Default: open.",
)
@click.option("--all", "everything", is_flag=True, help="Waived and resolved ones, too.")
@click.option("--older-than", type=moments.Duration(), help="Opened so long ago, such as 7d.")
@click.option("--newer-than", type=moments.Duration(), help="Opened since, such as 1h.")
@as_table_or_json
@on_deployment
def command(
    warden: "Deployment",
    *,
    fingerprint: str | None,
    severity: str,
    states: tuple[str, ...],
    everything: bool,
    older_than: timedelta | None,
    newer_than: timedelta | None,
    as_json: bool,
    **typed: str,
) -> int:
    """List the open alerts, or show one with its whole history.

    FINGERPRINT, or the beginning of one, names the alert to show. PATTERNs may hold * and ?;
    the owner or environment `unknown` stands for none. Resolved alerts are listed for a week; for
    longer, and for 90 days, with --all and the whole name of a function.
    """
    from warden.alert_json import alert_json
    from warden.alert_page import alert_page
    from warden.finding_one import find_one
    from warden.naming import matcher_of
    from warden.output import write, write_json
    from warden.selection import Selection, needs_somebody

    now = moments.now()
    where = _context(warden, now)
    if fingerprint:
        one = find_one(warden, fingerprint)
        if as_json:
            write_json(alert_json(one, where))
        else:
            write(*alert_page(one, where))
        return status.FOUND if needs_somebody([one]) else status.FINE
    chosen = frozenset(map(AlertState, states)) or frozenset({AlertState.OPEN})
    unknown = {name for name in ("owner", "environment") if typed[name] == _UNKNOWN}
    selection = Selection(
        matcher=matcher_of({name: text for name, text in typed.items() if name not in unknown}),
        unknown=frozenset(unknown),
        severity=Severity.parse(severity),
        states=_EVERYTHING if everything else chosen,
        older_than=older_than,
        newer_than=newer_than,
    )
    shown = selection.of(_candidates(warden, typed["function"], everything=everything), now)
    if not shown:
        _insist_on_function(warden, typed["function"])
    if as_json:
        write_json([alert_json(one, where) for one in shown])
    else:
        _list(shown, now)
    return status.FOUND if needs_somebody(shown) else status.FINE


def _candidates(warden: "Deployment", function: str, *, everything: bool) -> list["StoredAlert"]:
    """The listed alerts; of one function, those that are not listed any more, too."""
    from functions.shared.core.arn import FunctionArn, is_function_name

    if not (everything and is_function_name(function)):
        return warden.stored_alerts.current()
    settings = warden.settings
    arn = FunctionArn.parse(function, account=settings.account, region=settings.region)
    return warden.stored_alerts.of(arn)


def _insist_on_function(warden: "Deployment", function: str) -> None:
    """No alert of a function that does not exist is no improvement."""
    from functions.shared.core.arn import is_function_name
    from warden.naming import function_named, insist_on_function

    if not is_function_name(function):
        return
    known = {one.alert.finding.function.name for one in warden.stored_alerts.current()}
    if function not in known:
        settings = warden.settings
        arn = function_named(function, account=settings.account, region=settings.region)
        insist_on_function(warden.aws, arn, known)


def _context(warden: "Deployment", now: datetime) -> "Context":
    from functions.shared.alerting.formats.context import Context

    runbooks = warden.config.notifications.runbooks_url
    return Context(now=now, runbooks_url=runbooks, bucket=warden.settings.bucket)


def _list(shown: Sequence["StoredAlert"], now: datetime) -> None:
    from warden.alert_list import alert_list, counted
    from warden.output import console, write

    if not shown:
        write("No alerts.")
        return
    write(*alert_list(shown, now, console().width), f"\n{counted(shown)}")
