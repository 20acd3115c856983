"""What the TAB key offers for the values of options. Asks nobody: neither AWS nor a table."""

import configparser
import json
import os
from collections.abc import Callable, Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import click

Completer = Callable[[click.Context, click.Parameter, str], list[str]]

_CONFIGS: Final = (
    ("AWS_CONFIG_FILE", "~/.aws/config"),
    ("AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials"),
)


def of(names: Callable[[], Iterable[str]]) -> Completer:
    """A completer of names that are found out when somebody wants them."""

    def complete(_context: click.Context, _parameter: click.Parameter, begins: str) -> list[str]:
        return sorted(name for name in names() if name.startswith(begins))

    return complete


def profiles() -> set[str]:
    """The profiles of the AWS configuration of whoever types."""
    found = set()
    for variable, default in _CONFIGS:
        config = configparser.ConfigParser(interpolation=None, strict=False)
        try:
            config.read(Path(os.environ.get(variable, default)).expanduser(), encoding="utf-8")
        except (configparser.Error, OSError, UnicodeDecodeError):
            continue
        found |= {name.removeprefix("profile ") for name in config.sections()}
    return {name for name in found if not name.startswith(("sso-session ", "services "))}


def regions() -> set[str]:
    """The regions that the installed AWS library knows, read without importing it."""
    package = find_spec("botocore")
    if package is None or package.origin is None:
        return set()
    file = Path(package.origin).with_name("data") / "partitions.json"
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return set()
    return {
        name
        for partition in document.get("partitions", [])
        for name in partition.get("regions", {})
        if not name.endswith("-global")
    }


def rules() -> Iterable[str]:
    """The ids of all rules."""
    from functions.shared.core.rules import RULES

    return RULES


def kinds() -> Iterable[str]:
    """The kinds of findings."""
    from functions.shared.core.rules import Kind

    return [kind.value for kind in Kind]
