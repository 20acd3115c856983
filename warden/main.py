"""The command `warden`: chooses a command, and imports no other."""

from collections.abc import Mapping
from importlib import import_module
from typing import Final

import click

from warden.doors import DOORS, door

_OWN: Final[Mapping[str, str]] = {
    "alerts": "List the open alerts, or show one with its whole history.",
    "ack": "Say that you work on an alert: no reminders for a while.",
    "unack": "Take an acknowledgement back: reminders begin again.",
    "waive": "Accept findings for a time, for a reason, in somebody's name.",
    "flows": "Show who calls whom, as data or as a picture.",
    "report": "Write the report of the estate to a file.",
    "silence": "Tell nobody of certain alerts for a while: a maintenance window.",
}
"""Commands and what they do; each is the module of this name in `warden.commands`."""

_EPILOG: Final = """\b
Examples:
  warden alerts                          what is open
  warden alerts --severity high          what is high or critical
  warden alerts 3f9a                     one alert with its whole history
  warden ack 3f9a --for 4h               you work on it
  warden waive 3f9a --owner payments --reason "dev only" --expires 90d
  warden scan match function.zip --advisories DIR

\b
Exit status, of every command:
  0  done, or nothing found
  1  found something that somebody should look at
  2  the command line, or a file that it names, is wrong
  3  AWS did not answer: credentials, permission, deployment, connection

On a terminal you get tables and sentences, in a pipe JSON. NO_COLOR=1 takes the colours away.
`warden COMMAND --help` has examples for each command."""


class _Commands(click.Group):
    """Commands that are imported when they are called, and described without."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return [*_OWN, *DOORS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name in DOORS:
            return door(cmd_name)
        if cmd_name not in _OWN:
            return None
        command: click.Command = import_module(f"warden.commands.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        doors = {name: one.says for name, one in DOORS.items()}
        for title, rows in (
            ("The deployed Warden", _OWN),
            ("Parts with commands of their own", doors),
        ):
            with formatter.section(title):
                formatter.write_dl(list(rows.items()))


@click.group(
    cls=_Commands,
    epilog=_EPILOG,
    context_settings={"help_option_names": ["-h", "--help"], "auto_envvar_prefix": None},
)
@click.version_option(package_name="lambda-warden", prog_name="warden")
def main() -> None:
    """Lambda Warden at the terminal: see what is open, decide about it, look into packages.

    Uses the AWS credentials and the region that the aws command would use.
    """
