"""A function's asset: its own folder and what all functions share, nothing else.

The asset keeps the checkout's layout, so that a module is imported by the same name in tests and
in Lambda, and a change in one function leaves the other assets, and so their functions, alone.
"""

from pathlib import Path
from typing import Final

from aws_cdk import IgnoreMode
from aws_cdk import aws_lambda as lambda_

from stacks.packaging.project import ROOT
from stacks.part import Part

_NEVER: Final = ("__pycache__", "*.pyc", "requirements.txt", ".*")


def function_code(part: Part, root: Path = ROOT) -> lambda_.Code:
    """The code of one function in a checkout, as a CDK asset."""
    return lambda_.Code.from_asset(
        str(root), exclude=ignore_patterns(part), ignore_mode=IgnoreMode.GIT
    )


def ignore_patterns(part: Part) -> list[str]:
    """Patterns, in .gitignore's language, that leave one function's files of the whole checkout."""
    return [
        "/*",
        "!/functions",
        "/functions/*",
        "!/functions/__init__.py",
        "!/functions/shared",
        f"!/functions/{part.folder}",
        *_NEVER,
    ]
