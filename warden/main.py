"""The command `warden`: what there is, and what every command has in common."""

import sys
import traceback
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final

import click

from warden import status
from warden.lazy_group import LazyGroup

COMMANDS: Final = {
    "The deployed Warden": {
        "alerts": "List the open alerts, or show one with its whole history.",
        "ack": "Say that you work on alerts: no reminders for a while.",
        "unack": "Take an acknowledgement back: reminders begin again.",
        "waive": "Accept findings for a time, for a reason, in somebody's name.",
        "silence": "Send nothing about certain alerts for a while: a maintenance window.",
        "rules": "Show every rule, how severe its alerts are where, and who is told.",
        "flows": "Show who calls whom, as data or as a picture.",
        "estate": "List all functions: who owns each, where it belongs, and how that is known.",
        "lifecycle": "Archive a function, remove it, put it back exactly.",
        "report": "Write the report of the estate to a file.",
        "logs": "Have logs of functions read, and list which hold personal data or credentials.",
        "sensor": "Put the sensor into a function or take it off; show and propose policy.",
        "policy": "Check a policy file, show the policy in force, put another in force.",
        "guard": "Stop, resume or undo what limits functions; show what is limited, and why.",
    },
    "Without a deployment": {
        "scan": "List what packages hold, match it with advisories, compare with a lockfile.",
        "runbook": "Print the runbook of a rule, of the version that is installed here.",
        "backtest": "Show what would have been sent about a function's past.",
        "replay": "Feed a file of events through the rules, in a local AWS.",
        "completion": "Print the completion script of a shell.",
    },
}
"""Sections, and in each the commands: `NAME` is `command` in the module `warden.commands.NAME`."""

_EXAMPLES: Final = """\b
Examples:
  warden alerts                          what is open
  warden alerts --severity high          what is high or critical
  warden alerts 3f9a                     one alert with its whole history
  warden ack 3f9a --for 4h               you work on it
  warden waive 3f9a --owner payments --reason "dev only" --expires 90d
  warden scan match sbom.json --advisories DIR"""
_STATUSES: Final = "\n".join(f"  {code:<5}{says}" for code, says in status.MEANINGS.items())
_EPILOG: Final = f"""{_EXAMPLES}

\b
Exit status, of every command:
{_STATUSES}

On a terminal you get tables and sentences, in a pipe JSON; --format chooses. NO_COLOR=1 takes the
colours away. The region is that of --region, AWS_REGION, AWS_DEFAULT_REGION or the profile.
`warden COMMAND --help` has examples for each command."""


class _Program(LazyGroup):
    """Gives every end of every command its exit status and, where it failed, a sentence."""

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,  # noqa: FBT001, FBT002 - click's signature
        **extra: Any,
    ) -> Any:
        """Run the command line, and end the process unless the caller wants to."""
        run = partial(super().main, args, prog_name, complete_var, standalone_mode=False, **extra)
        return sys.exit(_status_of(run)) if standalone_mode else run()


def _status_of(run: Callable[[], int | None]) -> int:
    """Run a command; its exit status, whatever becomes of it."""
    try:
        return run() or status.FINE
    except click.ClickException as error:
        error.show()
        # Click's own errors about files say 1, which means something else here.
        return status.USAGE if error.exit_code == status.FOUND else error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("Interrupted.", err=True)
        return status.INTERRUPTED
    except Exception as error:  # noqa: BLE001 - 1 would say that something was found
        failure = _failure_of_aws(error)
        if failure:
            failure.show()
            return failure.exit_code
        if isinstance(error, OSError):
            click.echo(f"Error: this machine refuses: {error}", err=True)
        else:
            traceback.print_exc()
            click.echo("Error: a fault of Lambda Warden; please report the above.", err=True)
        return status.NO_ANSWER


def _failure_of_aws(error: Exception) -> click.ClickException | None:
    if "botocore" not in sys.modules:
        return None  # nobody asked AWS
    from warden.answering import failure_of

    return failure_of(error)


@click.group(
    cls=_Program,
    package=f"{__package__}.commands",
    sections=COMMANDS,
    epilog=_EPILOG,
    context_settings={"help_option_names": ["-h", "--help"], "auto_envvar_prefix": None},
)
@click.version_option(package_name="lambda-warden", prog_name="warden")
def main() -> None:
    """Lambda Warden at the terminal: see what is open, decide about it, look into packages.

    Uses the AWS credentials and the region that the aws command would use.
    """
