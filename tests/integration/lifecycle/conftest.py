from collections.abc import Iterator

import pytest

from demo.deployment.settings import DEMONSTRATION
from tests.integration.stack.scene import Scene, deployed


@pytest.fixture(scope="package")
def scene() -> Iterator[Scene]:
    """A stage of its own: functions vanish and come back under one name here."""
    with deployed("lifecycle", DEMONSTRATION) as scene:
        yield scene
