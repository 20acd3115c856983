"""Options that many commands share, each spelled once."""

import functools
import getpass
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import click

from functions.shared.config import WardenConfig
from functions.shared.core.severity import Severity
from functions.shared.runtime.deployment import Deployment
from warden.asking import asking
from warden.site import open_site

Command = Callable[..., None]

SEVERITIES: Final = [severity.label for severity in reversed(Severity)]
_CDK: Final = Path("cdk.json")


def on_deployment(command: Command) -> Command:
    """Give a command the deployment that it is about, as its first argument.

    A program that calls `main` may hand it over as the context's object; it is found by its stack
    otherwise.
    """

    @click.option(
        "--stack",
        envvar="WARDEN_STACK",
        metavar="NAME",
        default=_stack_of_this_folder,
        help="Stack of the deployment. Default: WARDEN_STACK, the name_prefix of ./cdk.json, or "
        "lambda-warden.",
    )
    @click.option(
        "--region",
        envvar="AWS_REGION",
        default="",
        metavar="NAME",
        help="Region. Default: AWS_REGION, or what boto3 finds.",
    )
    @click.option("--profile", default="", metavar="NAME", help="Profile of the credentials.")
    @functools.wraps(command)
    def opened(*, stack: str, region: str, profile: str, **options: Any) -> None:
        known = click.get_current_context().find_object(Deployment)
        with asking():
            command(known or open_site(stack, region=region, profile=profile), **options)

    return opened


def in_a_form(command: Command) -> Command:
    """Let people choose between text and JSON; `as_json` is None where they leave it open."""
    option = click.option(
        "--json/--table",
        "as_json",
        default=None,
        help="Form of the output. Default: a table on a terminal, JSON in a pipe.",
    )
    return option(command)


def by_whom(command: Command) -> Command:
    """Who decides; what alerts and digests name."""
    option = click.option(
        "--by",
        envvar="WARDEN_BY",
        metavar="NAME",
        default=_login_name,
        help="Who you are, for others to see. Default: WARDEN_BY, or your login name.",
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
        f"Exit status: {status} 2 for a wrong command line; 3 when AWS did not answer."
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


def _stack_of_this_folder() -> str:
    default = WardenConfig().name_prefix
    try:
        context = json.loads(_CDK.read_text(encoding="utf-8"))["context"]
        return str(context["warden"].get("name_prefix", default))
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return default  # not in a checkout


def _login_name() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "somebody at a terminal"
