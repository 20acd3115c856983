"""`warden replay`: a file of events through the deployed rules, in a local AWS."""

import json
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from functions.shared.core.text import plain
from warden import status
from warden.failure import NoAnswerError, RefusedError
from warden.options import as_table_or_json, examples


@click.command(
    "replay",
    epilog=examples(
        "warden replay my-trail.json > alerts.jsonl",
        status="0 when every event was handled; 1 when one was not;",
    ),
)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@as_table_or_json
def command(*, file: Path, as_json: bool) -> int:
    """Feed a file of events through the rules, in a local AWS.

    FILE holds CloudTrail records or EventBridge events, in JSON. Alerts come as they arise: a line
    of JSON each in a pipe, a sentence each on a terminal. It needs a checkout of the project, with
    Node.js, and neither credentials nor an AWS account.
    """
    from warden.output import write_text

    def show(alert: Any) -> None:
        if as_json:
            write_text(json.dumps(alert.document, ensure_ascii=False))
        else:
            write_text(
                f"{alert.severity.upper():<8}  {alert.state:<8}  {plain(alert.function, 140)}  "
                f"{plain(alert.title, 300)}"
            )

    try:
        local = import_module("demo.replay.command")
        reading = import_module("demo.replay.reading")
    except ModuleNotFoundError as error:
        raise NoAnswerError(
            f"`warden replay` needs {error.name}, which is not installed. In a checkout of the "
            "project, `make setup` installs everything."
        ) from error
    try:
        handled: bool = local.replay_file(file, show)
    except reading.BadInputError as error:
        raise RefusedError(str(error)) from error
    except local.NoReplayError as error:
        raise NoAnswerError(str(error)) from error
    return status.FINE if handled else status.FOUND
