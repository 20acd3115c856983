"""A function's asset: the files that its handler reaches, nothing else.

The asset keeps the layout of the packages, so that a module is imported by the same name in tests
and in Lambda. A change reaches the functions that use what was changed, and leaves the others
alone: a new line in the drawing of flows deploys no new guard.
"""

from collections.abc import Iterable
from pathlib import Path, PurePath

from aws_cdk import IgnoreMode
from aws_cdk import aws_lambda as lambda_

from stacks.packaging.project import IMPORT_ROOT
from stacks.packaging.reached import reached_files
from stacks.part import Part, module_of


def function_code(part: Part, root: Path = IMPORT_ROOT) -> lambda_.Code:
    """The code of one function, as a CDK asset."""
    return lambda_.Code.from_asset(
        str(root), exclude=ignore_patterns(part, root), ignore_mode=IgnoreMode.GIT
    )


def ignore_patterns(part: Part, root: Path = IMPORT_ROOT) -> list[str]:
    """Patterns, in .gitignore's language, that leave what one function reaches of all files."""
    return _all_but(reached_files(module_of(part), root))


def _all_but(files: Iterable[PurePath]) -> list[str]:
    """A file can be left only in a folder that is left; so each is opened before what is in it."""
    kept = {one for file in files for one in (file, *file.parents)}
    opened = sorted((one for one in kept if one.parts), key=lambda one: (len(one.parts), one))
    folders = {one.parent for one in opened}
    patterns = ["/*"]
    for one in opened:
        patterns.append(f"!/{one.as_posix()}")
        if one in folders:
            patterns.append(f"/{one.as_posix()}/*")
    return patterns
