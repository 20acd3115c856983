"""Which tests share a process: those of a file, and all that share the stage of a folder."""

from pathlib import Path
from typing import Final

import pytest

_HERE: Final = Path(__file__).parent
_ONE_STAGE: Final = frozenset({"trust"})
"""Folders with little to test on their stage: a second one would take longer than the tests."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(_HERE):
            folder = item.path.relative_to(_HERE).parts[0]
            group = folder if folder in _ONE_STAGE else str(item.path.relative_to(_HERE))
            item.add_marker(pytest.mark.xdist_group(group))
