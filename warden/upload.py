"""Checking a waiver file and putting it into the bucket."""

from datetime import datetime
from pathlib import Path

from functions.shared.core.text import plain
from functions.shared.muting.waiver_file import FOLDER, is_waiver_file, read_waiver_file
from functions.shared.runtime.deployment import Deployment
from warden.failure import RefusedError
from warden.mute_json import waiver_json
from warden.output import write, write_json
from warden.waivers import accepted_now


def upload(warden: Deployment, path: Path, now: datetime, *, as_json: bool, dry_run: bool) -> None:
    """Check a file, upload it, and say what it accepts now.

    Raises:
        RefusedError: Something is wrong with it; every fault is named, and nothing is uploaded.
    """
    key = f"{FOLDER}{path.name}"
    if not is_waiver_file(key):
        raise RefusedError(f"{plain(path.name)}: call it TEAM.toml, of visible characters.")
    try:
        content = path.read_bytes()
    except OSError as error:
        raise RefusedError(f"{plain(path)}: {error.strerror or error}") from error
    file = read_waiver_file(key, content, now, platform=warden.config.owner)
    if file.faults:
        raise RefusedError(
            "\n".join(["nothing was uploaded.", *(f"  {fault}" for fault in file.faults)])
        )
    active = [waiver for waiver in file.waivers if waiver.is_active(now)]
    accepted = accepted_now(active, warden.stored_alerts.current())
    if not dry_run:
        warden.aws.s3.put_object(
            Bucket=warden.settings.bucket, Key=key, Body=content, ContentType="application/toml"
        )
    ended = len(file.waivers) - len(active)
    if as_json:
        write_json(
            {
                "file": key,
                "waivers": [waiver_json(waiver, now) for waiver in file.waivers],
                "accepts": len(accepted),
                "dry_run": dry_run,
            }
        )
        return
    also = f", {ended} ended and can be removed" if ended else ""
    write(
        f"{key} {'would be' if dry_run else 'is'} uploaded: {len(active)} waivers in force, which "
        f"accept {len(accepted)} alerts now{also}."
    )
    if not dry_run:
        write("It is in force within a minute; `warden waive --list` shows it then.")
