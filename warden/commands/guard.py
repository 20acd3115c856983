"""`warden guard`: stop, resume or undo what limits functions; show what is limited, and why."""

import functools
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

import click

from warden import moments, status
from warden.options import (
    Command,
    Place,
    as_table_or_json,
    examples,
    near_deployment,
    only_one,
)

if TYPE_CHECKING:
    from functions.guard.commands import Released
    from functions.guard.guard import Guard
    from functions.shared.core.arn import FunctionArn

_WHY: Final = click.option("--why", default="", metavar="TEXT", help="For the record.")
_DONE: Final = "0 when it was done;"


@click.group("guard")
def command() -> None:
    """Stop, resume or undo what limits functions; show what is limited, and why.

    Works with your own credentials and needs nothing but the state table and Lambda's API.
    """


def _on_guard(command: Command) -> Command:
    """Give a command the guard of the deployment that was chosen."""

    @click.option(
        "--table",
        "table",
        default="",
        metavar="NAME",
        help="The state table, where CloudFormation cannot tell it.",
    )
    @as_table_or_json
    @near_deployment
    @functools.wraps(command)
    def opened(*, place: Place, table: str, **options: Any) -> Any:
        from warden.guard_site import find_guard, table_named

        with table_named(table):
            return command(find_guard(place, table), **options)

    return opened


@command.command(
    "status",
    epilog=examples(
        "warden guard status",
        "warden guard status --table lambda-warden-state     where the stack cannot be read",
        status="0 when it was read;",
    ),
)
@_on_guard
def _status(guard: "Guard", *, as_json: bool) -> None:
    """Show the switch, the modes, and every function that is limited now."""
    from functions.guard import commands
    from warden.guard_answers import standing_table
    from warden.output import write_json, write_text

    answer = commands.status(guard)
    if as_json:
        write_json(answer)
    else:
        write_text(standing_table(answer))


@command.command("stop", epilog=examples('warden guard stop --why "incident 4711"', status=_DONE))
@_WHY
@_on_guard
def _stop(guard: "Guard", *, why: str, as_json: bool) -> None:
    """Stop all limiting at once; what is limited now is still lifted on time."""
    _switch(guard, stopped=True, why=why, as_json=as_json)


@command.command("resume", epilog=examples('warden guard resume --why "over"', status=_DONE))
@_WHY
@_on_guard
def _resume(guard: "Guard", *, why: str, as_json: bool) -> None:
    """Allow limiting again, as far as the modes do."""
    _switch(guard, stopped=False, why=why, as_json=as_json)


def _switch(guard: "Guard", *, stopped: bool, why: str, as_json: bool) -> None:
    from functions.guard import commands
    from warden.guard_answers import switch_line
    from warden.guard_site import who
    from warden.output import write_json, write_text

    turn = commands.stop if stopped else commands.resume
    switch = turn(guard, by=who(guard.warden.aws), why=why, now=moments.now())
    if as_json:
        write_json(asdict(switch))
    else:
        write_text(switch_line(asdict(switch)))


@command.command(
    "release",
    epilog=examples(
        "warden guard release checkout          restore it now, and leave it alone for a day",
        "warden guard release --all             stop, and restore everything now",
        status="0 when nothing that was named is limited any more; 1 when something still is;",
    ),
)
@click.argument("function", required=False, default="", metavar="[FUNCTION]")
@click.option("--all", "everything", is_flag=True, help="Stop, then restore everything.")
@_on_guard
def _release(guard: "Guard", *, function: str, everything: bool, as_json: bool) -> int:
    """Restore a function, or everything, now.

    FUNCTION is a name or an ARN.
    """
    from functions.guard import commands
    from warden.guard_answers import released_table
    from warden.guard_site import who
    from warden.output import write_json, write_text

    only_one(FUNCTION=function, **{"--all": everything})
    if not (function or everything):
        raise click.UsageError("Name a function, or use --all.")
    by = who(guard.warden.aws)
    released: list[Released]
    if everything:
        released = commands.release_all(guard, by=by)
    else:
        arn = _function(guard, function)
        released = commands.release(guard, arn, by=by)
        if not released:
            _insist_on(guard, arn)
    if as_json:
        following = {"next": "All limiting is stopped until: warden guard resume"}
        write_json(
            {"released": [asdict(one) for one in released], **(following if everything else {})}
        )
    else:
        write_text(released_table(released, function, everything=everything))
    return status.FOUND if any(one.stands for one in released) else status.FINE


@command.command(
    "audit", epilog=examples("warden guard audit checkout", status="0 when it was read;")
)
@click.argument("function")
@_on_guard
def _audit(guard: "Guard", *, function: str, as_json: bool) -> None:
    """Show every decision about a function, the oldest first.

    FUNCTION is a name or an ARN.
    """
    from functions.guard import commands
    from warden.guard_answers import audit_table
    from warden.output import write_json, write_text

    arn = _function(guard, function)
    entries = commands.audit(guard, arn)
    if not entries:
        _insist_on(guard, arn)
    if as_json:
        write_json(entries)
    else:
        write_text(audit_table(entries, arn.name))


def _function(guard: "Guard", typed: str) -> "FunctionArn":
    from warden.naming import function_named

    settings = guard.warden.settings
    return function_named(typed, account=settings.account, region=settings.region)


def _insist_on(guard: "Guard", function: "FunctionArn") -> None:
    """That nothing limits a mistyped name must not look like success."""
    from functions.guard.commands import limited
    from warden.naming import insist_on_function

    insist_on_function(guard.warden.aws, function, {one.name for one in limited(guard)})
