"""`warden alerts`: what is open, or one alert with its whole history."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import click

from functions.shared.alerting.formats.context import Context
from functions.shared.alerting.formats.wording import UNKNOWN
from functions.shared.alerting.store import StoredAlert
from functions.shared.core.arn import FunctionArn, is_function_name
from functions.shared.core.severity import Severity
from functions.shared.runtime.deployment import Deployment
from warden import moments, status
from warden.alert_json import alert_json
from warden.alert_list import alert_list, counted
from warden.alert_page import alert_page
from warden.finding_one import find_one
from warden.options import SEVERITIES, examples, in_a_form, on_deployment
from warden.output import console, wants_json, write, write_json
from warden.selecting import Selection, Standing, matcher_of, needs_somebody

_EVERYTHING: Final = frozenset(Standing)


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
        "warden alerts --severity critical --json | jq -r '.[].function.name'",
        status="0 when no alert shown is open, or each is waived; 1 when one is open;",
    ),
)
@click.argument("fingerprint", required=False)
@click.option(
    "--owner", default="", metavar="PATTERN", help="Owner of the function; unknown for none."
)
@click.option("--environment", default="", metavar="PATTERN", help="Its environment.")
@click.option("--function", default="", metavar="PATTERN", help="Its name.")
@click.option("--rule", default="", metavar="PATTERN", help="Rule, such as retired-runtime.")
@click.option("--kind", default="", metavar="PATTERN", help="Kind, such as vulnerability.")
@click.option(
    "--severity", type=click.Choice(SEVERITIES), default="info", help="At least this severe."
)
@click.option(
    "--state",
    "states",
    type=click.Choice([one.value for one in Standing]),
    multiple=True,
    help="Where it stands; repeatable. Default: open.",
)
@click.option("--all", "everything", is_flag=True, help="Waived and resolved ones, too.")
@click.option("--older-than", type=moments.Duration(), help="Opened so long ago, such as 7d.")
@click.option("--newer-than", type=moments.Duration(), help="Opened since, such as 1h.")
@in_a_form
@on_deployment
@click.pass_context
def command(
    context: click.Context,
    /,
    warden: Deployment,
    *,
    fingerprint: str | None,
    severity: str,
    states: tuple[str, ...],
    everything: bool,
    older_than: timedelta | None,
    newer_than: timedelta | None,
    as_json: bool | None,
    **matching: str,
) -> None:
    """List the open alerts, or show one with its whole history.

    FINGERPRINT, or the beginning of one, names the alert to show. PATTERNs may hold * and ?.
    Resolved alerts are listed for a week; for longer, and for 90 days, with --all and the whole
    name of a function.
    """
    now = moments.now()
    if fingerprint:
        shown = [find_one(warden, fingerprint)]
    else:
        chosen = frozenset(map(Standing, states)) or frozenset({Standing.OPEN})
        unknown = {name for name in ("owner", "environment") if matching[name] == UNKNOWN}
        typed = {name: text for name, text in matching.items() if name not in unknown}
        selection = Selection(
            matcher=matcher_of(typed),
            unknown=frozenset(unknown),
            severity=Severity.parse(severity),
            standings=_EVERYTHING if everything else chosen,
            older_than=older_than,
            newer_than=newer_than,
        )
        shown = selection.of(_candidates(warden, matching["function"], everything), now)
    where = _context(warden, now)
    if wants_json(as_json):
        documents = [alert_json(one, where) for one in shown]
        write_json(documents[0] if fingerprint else documents)
    elif fingerprint:
        write(*alert_page(shown[0], where))
    else:
        _list(shown, now)
    context.exit(status.FOUND if needs_somebody(shown) else status.FINE)


def _candidates(warden: Deployment, function: str, everything: bool) -> list[StoredAlert]:  # noqa: FBT001 - passed on
    """The listed alerts; of one function, those that are not listed any more, too."""
    if not (everything and is_function_name(function)):
        return warden.stored_alerts.current()
    settings = warden.settings
    arn = FunctionArn.parse(function, account=settings.account, region=settings.region)
    return warden.stored_alerts.of(arn)


def _context(warden: Deployment, now: datetime) -> Context:
    runbooks = warden.config.notifications.runbooks_url
    return Context(now=now, runbooks_url=runbooks, bucket=warden.settings.bucket)


def _list(shown: Sequence[StoredAlert], now: datetime) -> None:
    if not shown:
        write("No alerts.")
        return
    write(*alert_list(shown, now, console().width), f"\n{counted(shown)}")
