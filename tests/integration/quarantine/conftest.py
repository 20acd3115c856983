"""A deployment whose policy stops functions, which that of the demonstration does not."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import pytest

from demo.deployment.settings import DEMONSTRATION
from tests.integration.stack.scene import Scene, deployed

STOPPING: Final[Mapping[str, Any]] = {
    **DEMONSTRATION,
    "guard": {
        **DEMONSTRATION["guard"],
        "quarantine": {"reasons": ["lifecycle", "known-exploited"]},
    },
}


@pytest.fixture(scope="package")
def scene() -> Iterator[Scene]:
    with deployed("quarantine", STOPPING) as scene:
        yield scene
