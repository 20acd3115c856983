"""`match`: which packages of a list have known vulnerabilities."""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from functions.scanner.vulnerabilities import MatchResult, Vulnerability, match
from functions.shared.advisories.build import BuildError, Export
from functions.shared.advisories.index import AdvisoryIndexError
from functions.shared.core.packages import Problem
from functions.shared.core.severity import Severity
from functions.shared.core.text import listed, plain
from warden.scan.advisory_cache import CACHE, index_of
from warden.scan.advisory_folder import exports_in
from warden.scan.columns import columns
from warden.scan.package_list import (
    MISSING,
    UNREADABLE,
    WITHOUT_VERSION,
    PackageListError,
    read_packages,
)

if TYPE_CHECKING:
    from argparse import _SubParsersAction

NOTHING_FOUND: Final = 0
FOUND: Final = 1
INPUT_UNREADABLE: Final = 2


def add_parser(subparsers: "_SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the subcommand."""
    parser = subparsers.add_parser(
        "match",
        help="match a list of packages against advisories",
        description="Match packages against OSV advisories in a folder of ECOSYSTEM/all.zip.",
        epilog="Exit status: 0 nothing found; 1 a vulnerability at or above --fail-on, one of "
        "unknown severity, or a package without a clear answer; 2 the input could not be read.",
    )
    parser.add_argument(
        "file",
        type=Path,
        metavar="FILE",
        help="one package URL a line, or a CycloneDX SBOM in JSON; - for standard input",
    )
    parser.add_argument(
        "--advisories",
        type=Path,
        required=True,
        metavar="DIR",
        help="folder with OSV's exports, laid out as ECOSYSTEM/all.zip",
    )
    parser.add_argument(
        "--format",
        choices=("json", "table"),
        help="default: table on a terminal, json in a pipe",
    )
    parser.add_argument(
        "--fail-on",
        choices=[severity.label for severity in Severity],
        default=Severity.INFO.label,
        help="lowest severity that makes the exit status 1 (default: %(default)s)",
    )
    parser.add_argument(
        "--no-cache", action="store_true", help="keep no index in the user's cache folder"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Match, print, and return the exit status."""
    try:
        inventory = read_packages(_content(arguments.file))
    except (OSError, PackageListError) as error:
        return _refuse(arguments.file, error)
    now = datetime.now(UTC)
    try:
        exports = _exports(arguments.advisories, now)
        cache = None if arguments.no_cache else Path.home() / CACHE
        with index_of(exports, now, cache) as index:
            result = match(inventory.packages, index)
            newest = {name: state.newest_modified for name, state in index.exports.items()}
    except (OSError, BuildError, AdvisoryIndexError) as error:
        return _refuse(arguments.advisories, error)
    problems = (*inventory.problems, *result.problems)
    if (arguments.format or ("table" if sys.stdout.isatty() else "json")) == "json":
        print(as_json(result, problems, newest))
    else:
        print(as_table(result, problems, newest, len(inventory.packages)))
    return exit_status(result, inventory.problems, Severity.parse(arguments.fail_on))


def exit_status(result: MatchResult, unread: Sequence[Problem], fail_on: Severity) -> int:
    """2 if a line could not be read; else 1 for whatever is bad enough, or may be."""
    codes = {problem.code for problem in unread}
    if UNREADABLE in codes:
        return INPUT_UNREADABLE
    bad = any(
        found.severity is None or found.severity >= fail_on for found in result.vulnerabilities
    )
    unclear = result.undecided or result.problems or codes & {WITHOUT_VERSION, MISSING}
    return FOUND if bad or unclear else NOTHING_FOUND


def as_json(
    result: MatchResult, problems: Sequence[Problem], newest: Mapping[str, datetime | None]
) -> str:
    """The answer for programs."""
    return json.dumps(
        {
            "vulnerabilities": [_fields(found) for found in result.vulnerabilities],
            "undecided": [
                {"purl": item.package.path, "ids": item.ids, "reason": item.reason}
                for item in result.undecided
            ],
            "problems": [asdict(problem) for problem in problems],
            "advisories": {
                name: {"newest": time.isoformat() if time else None}
                for name, time in newest.items()
            },
        },
        indent=2,
    )


def as_table(
    result: MatchResult,
    problems: Sequence[Problem],
    newest: Mapping[str, datetime | None],
    packages: int,
) -> str:
    """The answer for people."""
    rows = [
        (found.severity_label, found.package.path, found.id, found.fixed or "-", found.summary)
        for found in result.vulnerabilities
    ]
    lines = columns([("SEVERITY", "PACKAGE", "ID", "FIXED IN", "SUMMARY"), *rows]) if rows else []
    lines += [
        f"unclear: {item.package.path}: {item.reason} ({listed(list(item.ids))})"
        for item in result.undecided
    ]
    lines += [f"{problem.code}: {problem.detail}" for problem in problems]
    ages = ", ".join(
        f"{name} {time.date() if time else 'undated'}" for name, time in newest.items()
    )
    lines.append(f"{len(rows)} vulnerabilities in {packages} packages; newest advisories: {ages}")
    return "\n".join(lines)


def _fields(found: Vulnerability) -> dict[str, object]:
    return {
        "purl": found.package.path,
        "id": found.id,
        "aliases": found.aliases,
        "severity": found.severity_label,
        "fixed": found.fixed,
        "score": found.score,
        "summary": found.summary,
    }


def _content(path: Path) -> bytes:
    return sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()


def _exports(folder: Path, now: datetime) -> tuple[Export, ...]:
    exports = exports_in(folder, now)
    if not exports:
        raise BuildError("no ECOSYSTEM/all.zip in this folder")
    if sys.stderr.isatty():
        print(f"reading advisories of {', '.join(e.ecosystem for e in exports)}", file=sys.stderr)
    return exports


def _refuse(path: Path, error: Exception) -> int:
    reason = error.strerror if isinstance(error, OSError) and error.strerror else error
    print(f"{path}: {plain(reason, 400)}", file=sys.stderr)
    return INPUT_UNREADABLE
