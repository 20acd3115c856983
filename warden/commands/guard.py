"""`warden guard`: status, stop, resume, release, audit.

Answers are JSON on standard output. The exit code is 0 when what was asked for is done, 1 when a
function is still limited, 2 when the deployment cannot be found or asked.
"""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from functions.guard import commands
from functions.guard.guard import Guard
from functions.shared.aws.clients import AwsError
from functions.shared.aws.observability import log_to
from functions.shared.config import ConfigError
from functions.shared.core.arn import FunctionArn
from warden.guard_site import Named, NoDeploymentError, find_guard, who


def main(arguments: Sequence[str] | None = None, *, prog: str = "warden guard") -> int:
    """Run one command; see the module.

    Args:
        arguments: The command line; that of the process where none is given.
        prog: What usage lines begin with.
    """
    options = _parser(prog).parse_args(arguments)
    try:
        guard = find_guard(Named(options.region, options.table, options.stack, options.config))
        answer, code = run(guard, options)
    except (NoDeploymentError, ConfigError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    except AwsError as error:
        sys.stderr.write(f"AWS: {error}\n")
        return 2
    sys.stdout.write(json.dumps(answer, indent=2, ensure_ascii=False) + "\n")
    return code


def run(guard: Guard, options: argparse.Namespace) -> tuple[Any, int]:
    """Carry out a parsed command.

    Returns:
        The answer, and the exit code.
    """
    now = datetime.now(UTC)
    match options.command:
        case "stop":
            by = who(guard.warden.aws)
            return asdict(commands.stop(guard, by=by, why=options.why, now=now)), 0
        case "resume":
            by = who(guard.warden.aws)
            return asdict(commands.resume(guard, by=by, why=options.why, now=now)), 0
        case "release":
            return _release(guard, options)
        case "audit":
            return commands.audit(guard, _function(guard, options.function)), 0
    return commands.status(guard), 0


def _release(guard: Guard, options: argparse.Namespace) -> tuple[Any, int]:
    by = who(guard.warden.aws)
    if options.all:
        released = commands.release_all(guard, by=by)
    elif options.function:
        released = commands.release(guard, _function(guard, options.function), by=by)
    else:
        raise ValueError("release: name a function, or use --all")
    answer: Mapping[str, Any] = {
        "released": [asdict(one) for one in released],
        **({"next": "All limiting is stopped until: resume"} if options.all else {}),
    }
    return answer, 1 if any(one.stands for one in released) else 0


def _function(guard: Guard, name: str) -> FunctionArn:
    settings = guard.warden.settings
    return FunctionArn.parse(name, account=settings.account, region=settings.region)


def _parser(prog: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=prog, description=__doc__)
    parser.add_argument("--region", default="", help="region, where your profile has none")
    parser.add_argument("--table", default="", help="state table, where CloudFormation is no help")
    parser.add_argument("--stack", default="", help="stack; `name_prefix` unless given")
    parser.add_argument("--config", type=Path, default=Path("cdk.json"), help="the settings")
    commands_ = parser.add_subparsers(dest="command", required=True)
    commands_.add_parser("status", help="how the switch stands, and everything that is limited")
    for name, what in (
        ("stop", "stop all limiting at once; what stands is lifted on time"),
        ("resume", "allow limiting again"),
    ):
        one = commands_.add_parser(name, help=what)
        one.add_argument("--why", default="", help="for the record")
    release = commands_.add_parser("release", help="restore a function, or everything, now")
    release.add_argument("function", nargs="?", default="", help="its name or ARN")
    release.add_argument("--all", action="store_true", help="stop, then restore everything")
    audit = commands_.add_parser("audit", help="every decision about a function, as JSON")
    audit.add_argument("function", help="its name or ARN")
    return parser


if __name__ == "__main__":
    log_to(sys.stderr)  # standard output carries the answer and nothing else
    sys.exit(main())
