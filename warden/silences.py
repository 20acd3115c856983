"""Writing, listing and ending silences."""

import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from rich.table import Table
from rich.text import Text

from functions.shared.core.text import plain
from functions.shared.muting.matcher import Matcher
from functions.shared.muting.silence import Silence
from functions.shared.runtime.deployment import Deployment
from warden.failure import RefusedError
from warden.moments import minute
from warden.mute_json import silence_json
from warden.output import ROOM, console, write, write_json
from warden.waivers import look_again

LONGEST: Final = timedelta(days=30)
"""What is quiet for longer needs an owner and a date to answer for: that is a waiver."""


def window(
    matcher: Matcher, *, reason: str, by: str, starts: datetime, ends: datetime, now: datetime
) -> Silence:
    """A silence of these times.

    Raises:
        RefusedError: It ends before it begins, is past, or is too long.
    """
    if ends <= starts:
        raise RefusedError("It would end before it begins.")
    if ends <= now:
        raise RefusedError(f"It would have ended at {minute(ends)} already.")
    if ends - starts > LONGEST:
        raise RefusedError(
            f"A silence lasts {LONGEST.days} days at most; accept what is to be quiet for longer "
            "with `warden waive`."
        )
    id_ = f"s-{secrets.token_hex(4)}"
    return Silence(id=id_, matcher=matcher, reason=reason, by=by, starts=starts, ends=ends)


def begin(warden: Deployment, silence: Silence, now: datetime, *, as_json: bool) -> None:
    """Write a silence, and say what it silences now."""
    concerned = [
        one.alert
        for one in warden.stored_alerts.current()
        if one.alert.is_open and silence.matcher.matches(one.alert)
    ]
    warden.mutes.silence(silence)
    if silence.is_active(now):
        look_again(warden, [silence.matcher], now)
    if as_json:
        write_json(silence_json(silence, now) | {"silences": len(concerned)})
        return
    write(
        f"{silence.id} silences {plain(silence.matcher, 400)} from {minute(silence.starts)} until "
        f"{minute(silence.ends)}; {len(concerned)} open alerts are such now.",
        f"To end it early: warden silence --end {silence.id}",
    )


def end(warden: Deployment, id_: str, now: datetime, *, as_json: bool) -> None:
    """End a silence now; what it silenced is sent.

    Raises:
        RefusedError: There is none of this id, or it ended before.
    """
    silence = next((one for one in warden.mutes.silences() if one.id == id_), None)
    if silence is None:
        raise RefusedError(
            f"There is no silence {plain(id_, 60)}; `warden silence --list` lists them."
        )
    if silence.ends <= now:
        raise RefusedError(f"{silence.id} ended at {minute(silence.ends)}.")
    # One that has not begun ends as it begins, so that it never silences anything.
    ended = replace(silence, starts=min(silence.starts, now), ends=now)
    warden.mutes.silence(ended)
    look_again(warden, [silence.matcher], now)
    if as_json:
        write_json(silence_json(ended, now))
        return
    write(f"{silence.id} is over. Alerts that it silenced and that are still open are sent now.")


def show_all(warden: Deployment, now: datetime, *, as_json: bool) -> None:
    """List the silences; those that ended within the last month, too."""
    silences = sorted(warden.mutes.silences(), key=lambda one: (one.starts, one.id))
    if as_json:
        write_json([silence_json(one, now) for one in silences])
    elif silences:
        narrow = console().width < ROOM
        write(*_lines(silences, now) if narrow else [_table(silences, now)])
    else:
        write("No silences.")


def _table(silences: Sequence[Silence], now: datetime) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for title in ("SILENCE", "STATE", "FROM", "UNTIL"):
        table.add_column(title, no_wrap=title == "SILENCE")
    for title in ("WHAT", "REASON", "BY"):
        table.add_column(title, overflow="fold")
    for one in silences:
        state = _state(one, now)
        table.add_row(
            *map(Text, (one.id, state, minute(one.starts), minute(one.ends))),
            *map(Text, (plain(one.matcher, 400), one.reason, one.by)),
            style="dim" if state == "ended" else "",
        )
    return table


def _lines(silences: Sequence[Silence], now: datetime) -> list[Text]:
    lines = []
    for one in silences:
        lines += [
            Text(f"{one.id}  {_state(one, now)}"),
            Text(f"  {minute(one.starts)} until {minute(one.ends)}"),
            Text(f"  {plain(one.matcher, 400)}"),
            Text(f"  {one.by}: {one.reason}", style="dim"),
        ]
    return lines


def _state(silence: Silence, now: datetime) -> str:
    if silence.is_active(now):
        return "active"
    return "ended" if silence.ends <= now else "to come"
