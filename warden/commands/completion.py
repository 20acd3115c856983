"""`warden completion`: what makes the TAB key know commands, options and values."""

from typing import Final

import click

from warden.options import examples

SHELLS: Final = ("bash", "zsh", "fish")


@click.command(
    "completion",
    epilog=examples(
        "warden completion bash > ~/.local/share/bash-completion/completions/warden",
        "warden completion zsh > ~/.zfunc/_warden       with fpath+=~/.zfunc before compinit",
        "warden completion fish > ~/.config/fish/completions/warden.fish",
        status="0 when it was printed;",
    ),
)
@click.argument("shell", type=click.Choice(SHELLS))
@click.pass_context
def command(context: click.Context, shell: str) -> None:
    """Print the completion script of a shell.

    Write it once to where your shell looks for it; it asks this command for the rest, so that it
    needs no update. It completes commands, options, their values, profiles, regions and rules.
    """
    from click.shell_completion import get_completion_class

    from warden.output import write_text

    known = get_completion_class(shell)
    assert known is not None  # noqa: S101 - click has all of these
    program = context.find_root().command
    write_text(known(program, {}, "warden", "_WARDEN_COMPLETE").source())
