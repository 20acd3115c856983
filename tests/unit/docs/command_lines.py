"""Command lines in pages and alerts: finding them, and asking the command or AWS's own model."""

import re
import shlex
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Final

import botocore.session
import click
from botocore import xform_name
from botocore.model import OperationModel

from warden.main import main

ROOT: Final = Path(__file__).resolve().parents[3]

_BEGINS: Final = re.compile(r"(?:\$ )?(?:\.venv/bin/)?(warden|aws|make) (?=\S)")
_SPAN: Final = re.compile(r"(?<!`)`([^`]+)`(?!`)")
_FENCE: Final = re.compile(r"^```\w*\n(.*?)^```", re.M | re.S)
_TABLE: Final = re.compile(r"<!-- commands -->.*?<!-- end -->", re.S)  # usage, nothing to paste
_IN_TEXT: Final = re.compile(r"(?<![\w`/-])(?:aws [a-z0-9]+ [a-z]+-[a-z-]+|warden [a-z]+) [^\n]*")

# Options of the aws command itself. Source: AWS CLI command reference, "Global options".
_GLOBAL: Final = frozenset(
    {"--region", "--profile", "--output", "--query", "--no-cli-pager", "--endpoint-url"}
)
# Commands that the aws command adds to the API's. Source: AWS CLI command reference, by name.
_ADDED: Final = {
    ("s3", "cp"): {"--recursive", "--include", "--exclude", "--quiet"},
    ("s3", "ls"): {"--recursive"},
    ("logs", "tail"): {"--since", "--follow", "--format", "--filter-pattern"},
    ("sso", "login"): {"--sso-session"},
}


# Where the aws command names a member otherwise. Source: its command reference, "sns subscribe".
_RENAMED: Final = {("sns", "subscribe", "--endpoint"): "--notification-endpoint"}


class WrongCommandError(ValueError):
    """What a page tells people to paste would be refused; says why."""


def of_page(text: str) -> Iterator[str]:
    """The command lines of a page: lines of code blocks, and whole spans of code."""
    for block in _FENCE.findall(text):
        for line in block.replace("\\\n", " ").splitlines():
            if match := _BEGINS.match(line.strip()):
                yield _without_comment(" ".join(line.split())[match.start(1) :])
    for span in _SPAN.findall(_TABLE.sub("", _FENCE.sub("", text))):
        words = " ".join(span.split())
        if match := _BEGINS.match(words):
            yield words[match.start(1) :]


def of_text(text: str) -> Iterator[str]:
    """The command lines within sentences: each ends with the sentence, or with its line."""
    for found in _IN_TEXT.findall(text):
        words: list[str] = []
        for word in found.split(" "):
            end = word.rstrip(".;,)")
            words.append(end)
            if end != word:
                break
        yield " ".join(words)


def check(line: str) -> None:
    """Ask whoever would be asked whether a command line makes sense.

    Raises:
        WrongCommandError: It does not.
    """
    alone = re.split(r" [>|] ", line)[0]
    words = shlex.split(re.sub(r"\[([A-Z]+)\]", r"\1", alone))
    if "…" in words or "..." in words:
        words = [word for word in words if word not in {"…", "..."}][:2]
    if words[0] == "make":
        _check_make(words[1])
    elif words[0] == "aws":
        _check_aws(words[1:])
    else:
        _check_warden([word.split("|")[0] for word in words[1:]])


def _without_comment(line: str) -> str:
    return re.split(r" # ", line)[0]


def _check_make(target: str) -> None:
    if not re.search(rf"^{re.escape(target)}:", (ROOT / "Makefile").read_text("utf-8"), re.M):
        raise WrongCommandError(f"make {target}: there is no such target")


def _check_warden(words: Sequence[str]) -> None:
    command: click.Command = main
    rest = list(words)
    while isinstance(command, click.Group) and rest and not rest[0].startswith("-"):
        name = rest.pop(0)
        below = command.get_command(click.Context(command), name)
        if below is None:
            raise WrongCommandError(f"warden {' '.join(words)}: there is no command {name}")
        command = below
    if not rest:
        return  # a command's name, as sentences say it
    try:
        command.make_context(" ".join(["warden", *words]), _files(rest))
    except click.ClickException as error:
        message = f"warden {' '.join(words)}: {error.format_message()}"
        raise WrongCommandError(message) from error
    except click.exceptions.Exit:
        pass  # --help and --version


def _files(words: list[str]) -> list[str]:
    """Files that a page names need not be here, where a command insists on them."""
    return [
        __file__ if word in {"FILE", "payments.toml", "policy.yaml"} else word for word in words
    ]


@cache
def _operations(service: str) -> dict[str, OperationModel]:
    session = botocore.session.get_session()
    if service not in session.get_available_services():
        raise WrongCommandError(f"aws {service}: there is no such service")
    model = session.get_service_model(service)
    return {xform_name(name, "-"): model.operation_model(name) for name in model.operation_names}


def _option(service: str, operation: str, member: str) -> str:
    option = f"--{xform_name(member, '-')}"
    return _RENAMED.get((service, operation, option), option)


def _check_aws(words: Sequence[str]) -> None:
    service, name, *rest = words
    shown = f"aws {' '.join(words)}"
    given = [word.split("=")[0] for word in rest if word.startswith("--")]
    if (service, name) in _ADDED:
        known, required = _ADDED[service, name], set[str]()
    else:
        operation = _operations(service).get(name)
        if operation is None:
            raise WrongCommandError(f"{shown}: {service} has no operation {name}")
        shape = operation.input_shape
        known = {_option(service, name, one) for one in getattr(shape, "members", ())}
        known |= {f"--no-{one.removeprefix('--')}" for one in known}
        required = {_option(service, name, one) for one in getattr(shape, "required_members", ())}
    if unknown := [one for one in given if one not in known | _GLOBAL]:
        raise WrongCommandError(f"{shown}: {name} has no option {unknown[0]}")
    if missing := sorted(required - set(given)):
        raise WrongCommandError(f"{shown}: {name} requires {missing[0]}")
