from collections.abc import Iterator

import pytest

from demo.deployment.settings import DEMONSTRATION
from tests.integration.stack.scene import Scene, deployed


@pytest.fixture(scope="package")
def scene() -> Iterator[Scene]:
    logs = {"enabled": True, "learning_hours": 0}
    with deployed("integration", {**DEMONSTRATION, "logs": logs}) as scene:
        yield scene
