"""The table of commands in docs/command-line.md, made from the command line itself.

`python -m warden.command_table` writes it anew, as `make docs` does; a test compares the two.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import click

from warden.main import main

PAGE: Final = Path("docs/command-line.md")
_COMMON: Final = frozenset({"--format", "--profile", "--region", "--stack", "--help"})
_BEGIN: Final = "<!-- commands -->\n"
_END: Final = "<!-- end -->"


def table() -> str:
    """Every command with its arguments, what it does, and the options of its own."""
    rows = ["| command | what it does | options of its own |", "| --- | --- | --- |"]
    for path, command in _commands((), main):
        given = [one.make_metavar(_context(command)) for one in command.params if _is_argument(one)]
        usage = " ".join(["warden", *path, *given]).replace("|", "\\|")
        options = " ".join(
            f"`{max(one.opts, key=len)}`"
            for one in command.params
            if isinstance(one, click.Option) and not one.hidden and not _COMMON & set(one.opts)
        )
        first, _, _ = (command.help or "").partition("\n\n")
        rows.append(f"| `{usage}` | {' '.join(first.split())} | {options} |")
    return "\n".join(rows)


def written(page: str) -> str:
    """A page with the table in its place."""
    before, _, rest = page.partition(_BEGIN)
    _, _, after = rest.partition(_END)
    return f"{before}{_BEGIN}{table()}\n{_END}{after}"


def _commands(
    path: tuple[str, ...], command: click.Command
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    if not isinstance(command, click.Group):
        yield path, command
        return
    for name in command.list_commands(_context(command)):
        below = command.get_command(_context(command), name)
        if below:
            yield from _commands((*path, name), below)


def _context(command: click.Command) -> click.Context:
    return click.Context(command)


def _is_argument(parameter: click.Parameter) -> bool:
    return isinstance(parameter, click.Argument)


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
