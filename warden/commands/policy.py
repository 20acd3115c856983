"""`warden policy`: check a policy file, show the one in force, put another in force."""

from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING

import click

from warden import status
from warden.options import as_table_or_json, examples, on_deployment

if TYPE_CHECKING:
    from functions.shared.policy.model import Policy
    from functions.shared.runtime.deployment import Deployment

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group("policy")
def command() -> None:
    """Check a policy file, show the policy in force, put another in force.

    The policy says which tags functions need, and how long they may live; docs/lifecycle.md
    describes its keys.
    """


@command.command(
    "check",
    epilog=examples(
        "warden policy check policy.yaml",
        "warden policy check policy.yaml --format json",
        status="0 when nothing is wrong with it; 1 when something is;",
    ),
)
@click.argument("file", type=_FILE)
@as_table_or_json
def _check(*, file: Path, as_json: bool) -> int:
    """Check a policy file; needs no AWS.

    Each fault is named with its line and the fix.
    """
    from functions.shared.policy.read import PolicyError
    from warden.output import write_json, write_text

    try:
        policy = _read(file)
    except PolicyError as error:
        if as_json:
            faults = [
                {"line": one.line, "field": one.field, "fix": one.fix} for one in error.faults
            ]
            write_json({"file": str(file), "faults": faults})
        else:
            for fault in error.faults:
                write_text(f"{file}: {fault}")
        return status.FOUND
    if as_json:
        write_json({"file": str(file), "faults": [], "environments": list(policy.environments)})
    else:
        write_text(f"{file}: nothing is wrong with it. {_summary(policy)}")
    return status.FINE


@command.command(
    "show",
    epilog=examples(
        "warden policy show                     the file in force, as somebody wrote it",
        "warden policy show --format json       what it means",
        status="0 when it was read;",
    ),
)
@as_table_or_json
@on_deployment
def _show(warden: "Deployment", *, as_json: bool) -> None:
    """Show the policy in force and where it is from."""
    import json

    from functions.shared.policy.store import as_document, policy_store
    from warden.output import write_json, write_text

    one = policy_store(warden).in_force()
    if as_json:
        since = one.since.isoformat() if one.since else None
        document = json.loads(as_document(one.policy))
        write_json({"source": one.source, "since": since, "policy": document})
        return
    when = f", since {one.since.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if one.since else ""
    write_text(f"# In force: {one.source}{when}")
    write_text(one.text.rstrip() or json.dumps(json.loads(as_document(one.policy)), indent=2))


@command.command(
    "put",
    epilog=examples(
        "warden policy put policy.yaml --dry-run",
        "warden policy put policy.yaml          checked, then uploaded",
        "warden policy put --remove             back to the policy of the deployment",
        status="0 when it was done;",
    ),
)
@click.argument("file", type=_FILE, required=False)
@click.option("--remove", is_flag=True, help="Take the upload away.")
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
@as_table_or_json
@on_deployment
def _put(
    warden: "Deployment", *, file: Path | None, remove: bool, dry_run: bool, as_json: bool
) -> None:
    """Put a policy in force without a deployment.

    A file with a fault is not uploaded. What is uploaded in another way is checked, too: a broken
    file is refused with an alert, and the last good policy stays in force.
    """
    from functions.shared.policy.agreement import disagreements
    from functions.shared.policy.read import PolicyError
    from functions.shared.policy.upload import KEY
    from warden.failure import RefusedError
    from warden.output import write_json, write_text

    if bool(file) == remove:
        raise click.UsageError("Name a FILE, or --remove.")
    would = "would be" if dry_run else "is"
    if file is None:
        if not dry_run:
            warden.aws.s3.delete_object(Bucket=warden.settings.bucket, Key=KEY)
        said = f"The upload {would} taken away; the policy of the deployment holds again."
    else:
        try:
            policy = _read(file)
        except PolicyError as error:
            lines = "\n".join(f"  {fault}" for fault in error.faults)
            raise RefusedError(f"nothing was uploaded.\n{lines}") from error
        if found := disagreements(policy, warden.config):
            raise RefusedError("nothing was uploaded.\n" + "\n".join(f"  {one}" for one in found))
        if not dry_run:
            warden.aws.s3.put_object(
                Bucket=warden.settings.bucket,
                Key=KEY,
                Body=file.read_bytes(),
                ContentType="application/yaml",
            )
        said = (
            f"{KEY} {would} uploaded. {_summary(policy)} It is in force within a minute for what "
            "changes, and for all functions from the next sweep on."
        )
    if as_json:
        write_json({"file": str(file or ""), "removed": remove, "dry_run": dry_run})
    else:
        write_text(said)


def _read(file: Path) -> "Policy":
    from functions.shared.policy.read import LARGEST, read_policy
    from warden.failure import RefusedError

    try:
        with file.open("rb") as opened:
            return read_policy(opened.read(LARGEST + 1))
    except OSError as error:
        raise RefusedError(f"{file}: {error.strerror or error}") from error


def _summary(policy: "Policy") -> str:
    ending = [name for name, one in policy.environments.items() if one.lifetime]
    ends = f"; functions end in {', '.join(ending)}" if ending else ""
    return f"Environments: {', '.join(policy.environments)}{ends}."
