from collections.abc import Iterator

import pytest

from demo.deployment.settings import DEMONSTRATION
from tests.integration.stack.scene import Scene, deployed


@pytest.fixture(scope="package")
def scene() -> Iterator[Scene]:
    with deployed("integration", DEMONSTRATION) as scene:
        yield scene
