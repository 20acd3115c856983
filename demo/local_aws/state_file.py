"""What is running in a folder: one small JSON file, so that another process can stop it."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

NAME = "local-aws.json"


@dataclass(frozen=True, slots=True)
class Running:
    """One embedded AWS.

    Attributes:
        pid: its process, which leads its own session and process group.
        port: where it listens on 127.0.0.1.
        mark: a random text in the environment of it and of every process it starts.
        account: the 12-digit account that requests belong to.
        region: the region of its clients.
        enforce_iam: whether policies are evaluated.
    """

    pid: int
    port: int
    mark: str
    account: str
    region: str
    enforce_iam: bool


def write(directory: Path, running: Running) -> None:
    """Record what runs in ``directory``, replacing the file in one step."""
    target = directory / NAME
    draft = target.with_suffix(".new")
    draft.write_text(json.dumps(asdict(running), indent=2) + "\n", encoding="utf-8")
    draft.replace(target)


def read(directory: Path) -> Running | None:
    """Return what was recorded in ``directory``; None for no file or an unreadable one."""
    try:
        return Running(**json.loads((directory / NAME).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def forget(directory: Path) -> None:
    """Remove the record, if there is one."""
    (directory / NAME).unlink(missing_ok=True)
