"""What the commands that read deployment packages share."""

from pathlib import Path
from typing import Final

import click

FILE: Final = click.Path(dir_okay=False, path_type=Path)
"""A file, which may turn out not to be there: each command says so in its own words."""

PACKAGE: Final = click.argument("package", type=FILE, metavar="ZIP")
LAYERS: Final = click.option(
    "--layer", "layers", type=FILE, multiple=True, metavar="ZIP",
    help="A layer's package; repeatable.",
)  # fmt: skip
