"""`warden lifecycle`: archive a function, remove it, put it back."""

import functools
from typing import TYPE_CHECKING, Any

import click

from warden import moments, status
from warden.options import Command, as_table_or_json, by_whom, examples, on_deployment

if TYPE_CHECKING:
    from functions.shared.core.arn import FunctionArn
    from functions.shared.runtime.deployment import Deployment
    from warden.removal.steps import Way

_WHY = click.option("--why", default="", metavar="TEXT", help="For the record.")


@click.group("lifecycle")
def command() -> None:
    """Archive a function, remove it, put it back exactly.

    Works with your own credentials: none of Warden's roles may delete a function.
    docs/lifecycle.md says what the steps are and what they need.
    """


def _on_function(step: Command) -> Command:
    """Give a command the function that it names, and its way out and back."""

    @click.argument("function")
    @_WHY
    @by_whom
    @as_table_or_json
    @on_deployment
    @functools.wraps(step)
    def opened(warden: "Deployment", *, function: str, by: str, **options: Any) -> Any:
        from warden.identity import signature
        from warden.naming import function_named
        from warden.removal.archive import BrokenArchiveError
        from warden.removal.description import UnreadableError
        from warden.removal.ledger import Ledger
        from warden.removal.real import Bucket, LambdaAccount
        from warden.removal.restore import RefusedRestoreError
        from warden.removal.steps import RefusedError as RefusedStepError
        from warden.removal.steps import Way

        settings = warden.settings
        arn = function_named(function, account=settings.account, region=settings.region)
        if arn.name in warden.own_functions:
            raise click.UsageError(f"{arn.name} is one of Warden's own functions.")
        way = Way(
            LambdaAccount(warden.aws),
            Bucket(warden.aws, settings.bucket),
            Ledger(warden.table),
            signature(warden.aws, by),
            moments.now,
        )
        try:
            return step(warden, way, arn, **options)
        except (RefusedStepError, RefusedRestoreError) as error:
            from warden.failure import RefusedError

            raise RefusedError(f"Nothing was done to {arn.name}: {error}.") from error
        except (BrokenArchiveError, UnreadableError, OSError) as error:
            from warden.failure import NoAnswerError

            raise NoAnswerError(f"{arn.name}: {error}.") from error

    return opened


@command.command(
    "archive",
    epilog=examples(
        'warden lifecycle archive old-export --why "replaced by the new one"',
        status="0 when it was done;",
    ),
)
@_on_function
def _archive(
    warden: "Deployment", way: "Way", function: "FunctionArn", *, why: str, as_json: bool
) -> None:
    """Write everything that FUNCTION is into Warden's bucket, and read it back.

    Code of every version in use, configuration, layers, policy, URLs, event sources, aliases,
    concurrency, tags and log retention, with a manifest of digests. Nothing is changed. The archive
    holds the function's environment variables.
    """
    from warden.output import write_json, write_text

    del warden  # the way knows all that is needed
    made = way.archive(function, why)
    versions = sorted(made.document["versions"])
    if as_json:
        document = {"function": str(function), "archive": made.place, "versions": versions}
        write_json(document | {"kept_by_reference": list(made.unread)})
        return
    write_text(
        f"{function.name} is archived in {made.place} with {len(made.code)} codes, and read back."
    )
    for one in made.unread:
        write_text(f"  {one}")


@command.command(
    "remove",
    epilog=examples(
        'warden lifecycle remove old-export --why "nobody needs it"',
        "warden lifecycle remove old-export --dry-run",
        status="0 when it was done;",
    ),
)
@click.option("--dry-run", is_flag=True, help="Say whether it would be removed, and do nothing.")
@_on_function
def _remove(
    warden: "Deployment",
    way: "Way",
    function: "FunctionArn",
    *,
    why: str,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Delete FUNCTION, whose archive is read back first and must be what the function still is.

    Only where the policy's `actions` name `remove` for its environment, which no environment's do
    as shipped, and only where it was reported as idle or expired a day ago or longer.
    """
    from warden.output import write_json, write_text
    from warden.removal.reasons import reasons_against

    against = reasons_against(warden, function, moments.now())
    if not dry_run:
        kept = way.remove(function, against, why)
    if as_json:
        write_json({"function": str(function), "against": against, "dry_run": dry_run})
    elif dry_run:
        write_text("\n".join(f"  {one}" for one in against) or "Nothing speaks against it.")
    else:
        write_text(
            f"{function.name} is removed; its archive is {kept.place}. To put it back: warden "
            f"lifecycle restore {function.name}"
        )
    return status.FOUND if dry_run and against else status.FINE


@command.command(
    "restore",
    epilog=examples(
        'warden lifecycle restore old-export --why "the year-end needs it"',
        status="0 when everything is as it was; 1 when something differs;",
    ),
)
@_on_function
def _restore(
    warden: "Deployment", way: "Way", function: "FunctionArn", *, why: str, as_json: bool
) -> int:
    """Put FUNCTION back from its latest archive, and compare it field by field.

    Says what AWS does not let anybody put back, such as the numbers of versions. Never touches a
    function of this name that was created meanwhile. One that was cut off is run again.
    """
    from warden.output import write_json, write_text

    del warden  # the way knows all that is needed
    kept, done = way.restore(function, why)
    if as_json:
        write_json(
            {
                "function": str(function),
                "archive": kept.place,
                "versions": done.versions,
                "not_restored": done.not_restored,
                "differences": done.differences,
            }
        )
    else:
        write_text(f"{function.name} is back, as it was on {kept.made_at:%Y-%m-%d %H:%M} UTC.")
        for one in done.not_restored:
            write_text(f"  AWS does not restore: {one}")
        for one in done.differences:
            write_text(f"  differs: {one}")
    return status.FOUND if done.differences else status.FINE


@command.command(
    "show",
    epilog=examples("warden lifecycle show old-export", status="0 when it was read;"),
)
@_on_function
def _show(
    warden: "Deployment", way: "Way", function: "FunctionArn", *, why: str, as_json: bool
) -> None:
    """Show how far FUNCTION has come on its way out, and what speaks against removing it."""
    from warden.output import write_json, write_text
    from warden.removal.reasons import reasons_against

    del why
    entry = way.ledger.get(function)
    against = reasons_against(warden, function, moments.now())
    at = entry.at.isoformat() if entry.at else ""
    if as_json:
        document = {"stage": entry.stage.value, "at": at, "by": entry.by, "archive": entry.place}
        write_json({"function": str(function), **document, "why": entry.why, "against": against})
        return
    write_text(f"{function.name}: {entry.stage.value} {at} {entry.by} {entry.place}".rstrip())
    for one in against:
        write_text(f"  against removal: {one}")
