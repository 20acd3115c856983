"""`warden scan match`: which packages of a list have known vulnerabilities."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

import click

from functions.shared.core.severity import Severity
from functions.shared.core.text import listed, plain
from warden import status
from warden.failure import RefusedError
from warden.options import JSON, SEVERITIES, examples, in_format

if TYPE_CHECKING:
    from functions.scanner.vulnerabilities import MatchResult, Vulnerability
    from functions.shared.advisories.build import Export
    from functions.shared.core.packages import Problem


SARIF: Final = "sarif"


@click.command(
    "match",
    epilog=examples(
        "warden scan match packages.txt --advisories DIR",
        "warden scan match sbom.json --advisories DIR --fail-on high",
        "warden scan match sbom.json --advisories DIR --format sarif > warden.sarif",
        status="0 when nothing was found; 1 for a vulnerability at or above --fail-on, one of "
        "unknown severity, or a package without a clear answer;",
    ),
)
@click.argument(
    "file", type=click.Path(dir_okay=False, allow_dash=True, path_type=Path), metavar="FILE"
)
@click.option(
    "--advisories",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    metavar="DIR",
    help="Folder with OSV's exports, laid out as ECOSYSTEM/all.zip.",
)
@in_format(SARIF)
@click.option(
    "--fail-on",
    type=click.Choice(SEVERITIES),
    default=Severity.INFO.label,
    show_default=True,
    help="Lowest severity that makes the exit status 1.",
)
@click.option("--no-cache", is_flag=True, help="Keep no index in the user's cache folder.")
def command(*, file: Path, advisories: Path, form: str, fail_on: str, no_cache: bool) -> int:
    """Match packages against advisories: a package URL a line, or an SBOM.

    FILE has one package URL a line, or is a CycloneDX SBOM in JSON; - is standard input. The
    advisories are OSV's, in a folder of this machine.
    """
    from functions.scanner.vulnerabilities import match
    from functions.shared.advisories.build import BuildError
    from functions.shared.advisories.index import AdvisoryIndexError
    from warden.output import write_json, write_text
    from warden.scan.advisory_cache import CACHE, index_of
    from warden.scan.package_list import PackageListError, read_packages

    try:
        inventory = read_packages(_content(file))
    except (OSError, PackageListError) as error:
        raise _refusal(file, error) from error
    now = datetime.now(UTC)
    try:
        exports = _exports(advisories, now)
        cache = None if no_cache else Path.home() / CACHE
        with index_of(exports, now, cache) as index:
            result = match(inventory.packages, index)
            newest = {name: state.newest_modified for name, state in index.exports.items()}
    except (OSError, BuildError, AdvisoryIndexError) as error:
        raise _refusal(advisories, error) from error
    problems = (*inventory.problems, *result.problems)
    if form == JSON:
        write_json(as_json(result, problems, newest))
    elif form == SARIF:
        from warden.scan.sarif import as_sarif

        write_json(as_sarif(result, problems, _uri(file), version("lambda-warden")))
    else:
        write_text(as_table(result, problems, newest, len(inventory.packages)))
    return exit_status(result, inventory.problems, Severity.parse(fail_on))


def exit_status(result: "MatchResult", unread: Sequence["Problem"], fail_on: Severity) -> int:
    """2 if a line could not be read; else 1 for whatever is bad enough, or may be."""
    from warden.scan.package_list import MISSING, UNREADABLE, WITHOUT_VERSION

    codes = {problem.code for problem in unread}
    if UNREADABLE in codes:
        return status.USAGE
    bad = any(
        found.severity is None or found.severity >= fail_on for found in result.vulnerabilities
    )
    unclear = result.undecided or result.problems or codes & {WITHOUT_VERSION, MISSING}
    return status.FOUND if bad or unclear else status.FINE


def as_json(
    result: "MatchResult", problems: Sequence["Problem"], newest: Mapping[str, datetime | None]
) -> dict[str, Any]:
    """The answer for programs."""
    return {
        "vulnerabilities": [_fields(found) for found in result.vulnerabilities],
        "undecided": [
            {"purl": item.package.path, "ids": item.ids, "reason": item.reason}
            for item in result.undecided
        ],
        "problems": [asdict(problem) for problem in problems],
        "advisories": {
            name: {"newest": time.isoformat() if time else None} for name, time in newest.items()
        },
    }


def as_table(
    result: "MatchResult",
    problems: Sequence["Problem"],
    newest: Mapping[str, datetime | None],
    packages: int,
) -> str:
    """The answer for people."""
    from warden.output import columns

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


def _fields(found: "Vulnerability") -> dict[str, object]:
    return {
        "purl": found.package.path,
        "id": found.id,
        "aliases": found.aliases,
        "severity": found.severity_label,
        "fixed": found.fixed,
        "score": found.score,
        "summary": found.summary,
    }


def _uri(file: Path) -> str:
    """Where results point at: the file as it was named, without drive or leading slash."""
    return "standard-input" if str(file) == "-" else quote(file.as_posix().lstrip("/"))


def _content(path: Path) -> bytes:
    return sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()


def _exports(folder: Path, now: datetime) -> tuple["Export", ...]:
    from functions.shared.advisories.build import BuildError
    from warden.scan.advisory_folder import exports_in

    exports = exports_in(folder, now)
    if not exports:
        raise BuildError("no ECOSYSTEM/all.zip in this folder")
    if sys.stderr.isatty():
        names = ", ".join(export.ecosystem for export in exports)
        click.echo(f"reading advisories of {names}", err=True)
    return exports


def _refusal(path: Path, error: Exception) -> RefusedError:
    reason = error.strerror if isinstance(error, OSError) and error.strerror else error
    return RefusedError(f"{path}: {plain(reason, 400)}")
