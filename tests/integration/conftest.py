"""Which tests share a process: those of a file, or of a folder that is worth one stage only."""

from pathlib import PurePosixPath
from typing import Final

import pytest
from xdist.remote import Producer  # type: ignore[import-untyped]
from xdist.scheduler import LoadFileScheduling  # type: ignore[import-untyped]

_ONE_STAGE: Final = frozenset({"quarantine", "trust"})
"""Folders with little to test on their stage: a second one would take longer than the tests."""


class ByStage(LoadFileScheduling):  # type: ignore[misc] # xdist has no types
    """Hands out whole files, and some whole folders."""

    def _split_scope(self, nodeid: str) -> str:
        file = PurePosixPath(nodeid.partition("::")[0])
        return str(file.parent if file.parent.name in _ONE_STAGE else file)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByStage | None:
    """Only where files are to be kept together, as in `make test`."""
    return ByStage(config, log) if config.getoption("dist") == "loadfile" else None
