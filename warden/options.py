"""Options that many commands share, each spelled once.

Nothing here imports AWS's library or a part of Warden before a command really runs: help and the
TAB key are to be quick.
"""

import functools
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click
from click.core import ParameterSource

from functions.shared.core.severity import Severity
from warden import completing
from warden.failure import NoSuchStackError, RefusedError

if TYPE_CHECKING:
    from functions.shared.aws.clients import Aws
    from functions.shared.runtime.deployment import Deployment

Command = Callable[..., Any]

TABLE: Final = "table"
JSON: Final = "json"
SEVERITIES: Final = [severity.label for severity in reversed(Severity)]
_CDK: Final = Path("cdk.json")
_PREFIX: Final = "lambda-warden"
"""`name_prefix` where nobody sets another."""


def on_aws(command: Command) -> Command:
    """Give a command `connect`, which makes clients for the region and profile that were chosen."""

    @_region
    @_profile
    @functools.wraps(command)
    def connected(*, region: str, profile: str, **options: Any) -> Any:
        from warden.connection import connect

        def call() -> "Aws":
            return connect(region, profile)

        return command(connect=call, **options)

    return connected


@dataclass(frozen=True, slots=True)
class Place:
    """Where a command looks for a deployment, should it need one.

    Attributes:
        stack: Name of the stack.
        connect: Makes clients for the region and profile that were chosen.
        find: Finds the deployment.
    """

    stack: str
    connect: "Callable[[], Aws]"
    find: "Callable[[], Deployment]"


def near_deployment(command: Command) -> Command:
    """Give a command the `place` that was chosen.

    A program that calls `main` may hand the deployment over as the context's object.
    """

    @_stack
    @on_aws
    @functools.wraps(command)
    def opened(*, stack: str, connect: "Callable[[], Aws]", **options: Any) -> Any:
        from functions.shared.runtime.deployment import Deployment
        from warden.site import open_site

        context = click.get_current_context()

        def find() -> Deployment:
            try:
                return context.find_object(Deployment) or open_site(connect(), stack)
            except NoSuchStackError as error:
                if context.get_parameter_source("stack") is ParameterSource.DEFAULT:
                    raise
                raise RefusedError(error.message) from error  # a name that matches nothing

        return command(place=Place(stack, connect, find), **options)

    return opened


def on_deployment(command: Command) -> Command:
    """Give a command the deployment that it is about, as its first argument."""

    @near_deployment
    @functools.wraps(command)
    def opened(*, place: Place, **options: Any) -> Any:
        return command(place.find(), **options)

    return opened


def in_format(*more: str) -> Callable[[Command], Command]:
    """Let people choose the form of the output: `form` is `table`, `json` or one of more.

    A command without forms of its own takes `as_json` instead; see `as_table_or_json`.
    """
    return click.option(
        "--format",
        "form",
        type=click.Choice([TABLE, JSON, *more]),
        callback=_as_chosen,
        help="Form of the output. Default: a table on a terminal, JSON in a pipe.",
    )


def as_table_or_json(command: Command) -> Command:
    """Let people choose between a table and JSON, which `as_json` says."""

    @in_format()
    @functools.wraps(command)
    def chosen(*arguments: Any, form: str, **options: Any) -> Any:
        return command(*arguments, as_json=form == JSON, **options)

    return chosen


def matching(*names: str) -> Callable[[Command], Command]:
    """Options that name alerts by patterns, each with its own keyword."""

    def give(command: Command) -> Command:
        for name in reversed(names):
            says, completer = _PATTERNS[name]
            command = click.option(
                f"--{name}", default="", metavar="PATTERN", help=says, shell_complete=completer
            )(command)
        return command

    return give


def by_whom(command: Command) -> Command:
    """In whose name somebody decides, beside the AWS identity that signs."""
    option = click.option(
        "--by",
        envvar="WARDEN_BY",
        metavar="NAME",
        default="",
        help="A name beside your AWS identity, which signs in any case. Default: WARDEN_BY.",
    )
    return option(command)


def examples(*lines: str, status: str) -> str:
    """The end of a command's help.

    Args:
        lines: Command lines, each with what it does after two spaces or more.
        status: What exit status 0 and 1 mean here.
    """
    shown = "\n".join(f"  {line}" for line in lines)
    return (
        f"\b\nExamples:\n{shown}\n\n"
        f"Exit status: {status} 2 for a wrong command line or a name that matches nothing; "
        "3 when AWS or this machine did not answer."
    )


def only_one(**given: object) -> None:
    """Refuse options that exclude each other.

    Raises:
        UsageError: More than one of them was given.
    """
    names = [name for name, value in given.items() if value]
    if len(names) > 1:
        raise click.UsageError(f"{' and '.join(names[:2])} exclude each other.")


def needed(values: Sequence[tuple[str, object]]) -> None:
    """Insist on options that only some uses of a command need.

    Raises:
        UsageError: One is missing.
    """
    missing = [name for name, value in values if not value]
    if missing:
        raise click.UsageError(f"Missing option {', '.join(missing)}.")


def _as_chosen(_context: click.Context, _parameter: click.Parameter, form: str | None) -> str:
    return form or (TABLE if sys.stdout.isatty() else JSON)


def _stack_of_this_folder() -> str:
    try:
        context = json.loads(_CDK.read_text(encoding="utf-8"))["context"]
        return str(context["warden"].get("name_prefix", _PREFIX))
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return _PREFIX  # not in a checkout


_region: Final = click.option(
    "--region",
    envvar=["AWS_REGION", "AWS_DEFAULT_REGION"],
    default="",
    metavar="NAME",
    help="Region. Default: AWS_REGION, AWS_DEFAULT_REGION, or that of the profile.",
    shell_complete=completing.of(completing.regions),
)
_profile: Final = click.option(
    "--profile",
    default="",
    metavar="NAME",
    help="Profile of the credentials. Default: AWS_PROFILE, or what the aws command would use.",
    shell_complete=completing.of(completing.profiles),
)
_stack: Final = click.option(
    "--stack",
    envvar="WARDEN_STACK",
    metavar="NAME",
    default=_stack_of_this_folder,
    help="Stack of the deployment. Default: WARDEN_STACK, the name_prefix of ./cdk.json, or "
    "lambda-warden.",
)
_PATTERNS: Final = {
    "function": ("Name of the function.", None),
    "rule": ("Rule, such as retired-runtime.", completing.of(completing.rules)),
    "owner": ("Owner of the function.", None),
    "environment": ("Environment of the function.", None),
    "kind": ("Kind, such as vulnerability.", completing.of(completing.kinds)),
    "severity": ("Severity, such as high.", completing.of(lambda: SEVERITIES)),
    "package": (
        "Package, as ECOSYSTEM/NAME/VERSION; a bare name stands for all of its versions.", None,
    ),
}  # fmt: skip
