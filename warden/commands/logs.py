"""`warden logs`: which logs are read, and which hold personal data or credentials."""

from typing import TYPE_CHECKING, Any, Final

import click

from warden import moments
from warden.options import as_table_or_json, examples, on_deployment

if TYPE_CHECKING:
    from functions.shared.runtime.deployment import Deployment

_YES: Final = click.option(
    "--yes", is_flag=True, help="Do it; without, only say what would be done."
)
_FUNCTION: Final = click.argument("name", metavar="FUNCTION")


@click.group("logs")
def command() -> None:
    """Have logs of functions read, and list which hold personal data or credentials."""


@command.command(
    "personal-data",
    epilog=examples(
        "warden logs personal-data",
        "warden logs personal-data --format json",
        status="0 when none was found, 1 when some was;",
    ),
)
@as_table_or_json
@on_deployment
def _personal_data(warden: "Deployment", *, as_json: bool) -> None:
    """List which functions log what about persons, since when, how long it is kept, and the query.

    Values are never shown: the query finds the lines. Functions whose logs are not read are not in
    the list, and neither is what was last logged longer ago than `logs.keep_days`.
    """
    from warden import logs
    from warden.output import write_json, write_text

    rows = logs.sensitive(warden, moments.now())
    if as_json:
        write_json(rows)
    else:
        for row in rows:
            write_text(_shown(row))
        write_text(logs.summary(rows, logs.read_functions(warden)))
    if rows:
        raise SystemExit(1)


@command.command(
    "subscribe",
    epilog=examples(
        "warden logs subscribe checkout",
        "warden logs subscribe checkout --yes",
        status="0 when it was done, or said;",
    ),
)
@_FUNCTION
@_YES
@as_table_or_json
@on_deployment
def _subscribe(warden: "Deployment", *, name: str, yes: bool, as_json: bool) -> None:
    """Have the log of a function read from now on; other subscriptions stay as they are."""
    from warden import logs

    _say(logs.subscribe(warden, name, do=yes), done=yes, as_json=as_json)


@command.command(
    "unsubscribe",
    epilog=examples(
        "warden logs unsubscribe checkout --yes", status="0 when it was done, or said;"
    ),
)
@_FUNCTION
@_YES
@as_table_or_json
@on_deployment
def _unsubscribe(warden: "Deployment", *, name: str, yes: bool, as_json: bool) -> None:
    """Have the log of a function not read any more; what is remembered of it expires."""
    from warden import logs

    _say(logs.unsubscribe(warden, name, do=yes), done=yes, as_json=as_json)


@command.command(
    "pattern",
    epilog=examples(
        "warden logs pattern ledger.toml",
        "warden logs pattern ledger.toml --yes",
        status="0 when it was done, or said;",
    ),
)
@click.argument("file", type=click.Path(dir_okay=False), metavar="FILE")
@_YES
@as_table_or_json
@on_deployment
def _pattern(warden: "Deployment", *, file: str, yes: bool, as_json: bool) -> None:
    """Check a pattern of your own and put it beside Warden's; one of the same name is replaced."""
    from pathlib import Path

    from functions.log_watch.engine.catalogue import PatternError, read_pattern
    from functions.shared.logs.own_patterns import key_of
    from warden.failure import RefusedError

    path = Path(file)
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
        pattern = read_pattern(path.stem, text)
    except (OSError, PatternError) as error:
        raise RefusedError(str(error)) from error
    key = key_of(pattern.id)
    if yes:
        bucket = warden.settings.bucket
        warden.aws.s3.put_object(Bucket=bucket, Key=key, Body=text.encode())
    _say([f"+ pattern {pattern.id}: {pattern.title}"], done=yes, as_json=as_json)


def _shown(row: dict[str, Any]) -> str:
    detail = f" ({row['detail']})" if row["detail"] else ""
    return (
        f"{row['function']}: {row['kind']}{detail}, {row['count']} lines since {row['since']}, "
        f"last {row['last']}\n  {row['log_group']}, kept {row['kept']}\n  "
        + str(row["query"]).replace("\n", "\n  ")
    )


def _say(changes: list[str], *, done: bool, as_json: bool) -> None:
    from warden.output import write_json, write_text

    if as_json:
        write_json({"done": done, "changes": changes})
        return
    write_text("\n".join(changes) or "Nothing changes.")
    if changes and not done:
        write_text("Nothing was done. Add --yes to do it.")
