"""Writing, listing and removing waivers in the table."""

from collections.abc import Sequence
from datetime import datetime

from rich.table import Table
from rich.text import Text

from functions.shared.alerting.store import StoredAlert
from functions.shared.core.text import plain
from functions.shared.muting.matcher import Matcher
from functions.shared.muting.waiver import Waiver
from functions.shared.runtime.deployment import Deployment
from warden.failure import RefusedError
from warden.mute_json import waiver_json
from warden.output import ROOM, console, write, write_json


def accept(
    warden: Deployment, waiver: Waiver, now: datetime, *, as_json: bool, dry_run: bool
) -> None:
    """Write a waiver, and say what it accepts now."""
    alerts = accepted_now([waiver], warden.stored_alerts.current())
    if not dry_run:
        warden.mutes.waive(waiver)
        look_again(warden, [waiver.matcher], now)
    if as_json:
        write_json(waiver_json(waiver, now) | {"accepts": len(alerts), "dry_run": dry_run})
        return
    write(
        f"{waiver.id} {'would accept' if dry_run else 'accepts'} {_alerts(len(alerts))} now, until "
        f"{waiver.expires:%Y-%m-%d %H:%M} UTC: {plain(waiver.matcher, 400)}"
    )
    for one in alerts[:10]:
        finding = one.alert.finding
        write(
            Text(
                f"  {finding.severity.label.upper()}  {finding.name}  {finding.title}",
                style="dim",
            )
        )
    if len(alerts) > 10:
        write(Text(f"  and {len(alerts) - 10} more", style="dim"))
    if not alerts:
        write("Check its spelling; a waiver that matches nothing is reported after a day.")


def remove(warden: Deployment, id_: str, now: datetime, *, as_json: bool, dry_run: bool) -> None:
    """Take a waiver away; what it accepted is sent again.

    Raises:
        RefusedError: There is none of this id, or a file would bring it back.
    """
    waiver = next((one for one in warden.mutes.waivers() if one.id == id_), None)
    if waiver is None:
        raise RefusedError(
            f"There is no waiver {plain(id_, 60)}; `warden waive --list` lists them."
        )
    if waiver.source:
        raise RefusedError(
            f"{waiver.id} is in {waiver.source} in the bucket {warden.settings.bucket}, which "
            "would bring it back. Remove it there and upload the file with `warden waive --file`."
        )
    alerts = _accepted_by(waiver, warden.stored_alerts.current(), now)
    if not dry_run:
        warden.mutes.remove_waivers([waiver.id])
        look_again(warden, [waiver.matcher], now)
    if as_json:
        document = waiver_json(waiver, now) | {"accepted": len(alerts), "dry_run": dry_run}
        write_json(document)
        return
    done = "would be removed" if dry_run else "is removed"
    write(
        f"{waiver.id} {done}. It accepted {_alerts(len(alerts))}: what nothing else mutes is sent."
    )


def show_all(warden: Deployment, now: datetime, *, as_json: bool) -> None:
    """List the waivers; those that ended within the last month, too."""
    waivers = sorted(warden.mutes.waivers(), key=lambda one: (one.expires, one.id))
    alerts = warden.stored_alerts.current()
    if as_json:
        write_json(
            [
                waiver_json(one, now) | {"accepts": len(_accepted_by(one, alerts, now))}
                for one in waivers
            ]
        )
    elif waivers:
        narrow = console().width < ROOM
        write(*_lines(waivers, alerts, now) if narrow else [_table(waivers, alerts, now)])
    else:
        write("No waivers.")


def accepted_now(waivers: Sequence[Waiver], alerts: Sequence[StoredAlert]) -> list[StoredAlert]:
    """The open alerts that some waivers accept, the worst first."""
    found = [
        one
        for one in alerts
        if one.alert.is_open and any(waiver.matcher.matches(one.alert) for waiver in waivers)
    ]
    return sorted(found, key=lambda one: (-one.alert.finding.severity, one.key))


def _accepted_by(waiver: Waiver, alerts: Sequence[StoredAlert], now: datetime) -> list[StoredAlert]:
    return accepted_now([waiver], alerts) if waiver.is_active(now) else []


def look_again(warden: Deployment, matchers: Sequence[Matcher], now: datetime) -> None:
    """Have the notifier look at once at the alerts that are concerned."""
    if warden.stored_alerts.look_again(
        lambda alert: any(matcher.matches(alert) for matcher in matchers), now
    ):
        warden.nudge()


def _table(waivers: Sequence[Waiver], alerts: Sequence[StoredAlert], now: datetime) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column("WAIVER", no_wrap=True)
    table.add_column("UNTIL", no_wrap=True)
    table.add_column("ACCEPTS", no_wrap=True, justify="right")
    for title in ("WHAT", "OWNER", "REASON", "FROM"):
        table.add_column(title, overflow="fold")
    for one in waivers:
        active = one.is_active(now)
        table.add_row(
            Text(one.id),
            Text(f"{one.expires:%Y-%m-%d}" if active else "ended"),
            Text(str(len(accepted_now([one], alerts))) if active else "-"),
            Text(plain(one.matcher, 400)),
            Text(one.owner),
            Text(one.reason),
            Text(one.source or one.created_by),
            style="" if active else "dim",
        )
    return table


def _lines(waivers: Sequence[Waiver], alerts: Sequence[StoredAlert], now: datetime) -> list[Text]:
    lines = []
    for one in waivers:
        accepts = _alerts(len(accepted_now([one], alerts)))
        state = f"until {one.expires:%Y-%m-%d}, {accepts}" if one.is_active(now) else "ended"
        lines += [
            Text(f"{one.id}  {state}"),
            Text(f"  {plain(one.matcher, 400)}"),
            Text(f"  {one.owner}: {one.reason}", style="dim"),
        ]
    return lines


def _alerts(count: int) -> str:
    return f"{count} alert{'s' if count != 1 else ''}"
