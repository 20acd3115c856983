"""A group of commands that are listed, described and completed without importing them."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any, Final

import click
from click.shell_completion import CompletionItem


class LazyGroup(click.Group):
    """Commands that are modules of one package; each is imported when somebody calls it.

    Attributes:
        package: The package; the module of the command `NAME` has a click command named `command`.
        sections: Heading, then the commands below it: name and one sentence.
    """

    def __init__(
        self, *args: Any, package: str, sections: Mapping[str, Mapping[str, str]], **more: Any
    ) -> None:
        """Make the group; the rest is click's."""
        super().__init__(*args, **more)
        self.package: Final = package
        self.sections: Final = sections

    @property
    def summaries(self) -> dict[str, str]:
        """Name and sentence of each command."""
        return {name: says for rows in self.sections.values() for name, says in rows.items()}

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Names of the commands, in the order in which they are listed."""
        return list(self.summaries)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import a command; None if there is none of this name."""
        if cmd_name not in self.summaries:
            return None
        command: click.Command = import_module(f"{self.package}.{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that was typed; a mistyped one is answered with the nearest."""
        try:
            return super().resolve_command(ctx, args)
        except click.exceptions.NoSuchCommand as error:
            raise click.exceptions.NoSuchCommand(
                error.command_name, possibilities=self.list_commands(ctx), ctx=ctx
            ) from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """List the commands by section."""
        for title, rows in self.sections.items():
            with formatter.section(title):
                formatter.write_dl(list(rows.items()))

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
        """The commands that begin so, and the options of the group."""
        found = [
            CompletionItem(name, help=says)
            for name, says in self.summaries.items()
            if name.startswith(incomplete)
        ]
        return [*found, *click.Command.shell_complete(self, ctx, incomplete)]
