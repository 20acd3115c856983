"""One stage for all attacks: the guard enforces everywhere and for every reason, IAM is on."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import pytest

from demo.deployment.settings import DEMONSTRATION
from tests.integration.stack.scene import Scene, deployed

ACTING: Final[Mapping[str, Any]] = {
    **DEMONSTRATION,
    "guard": {
        "modes": {"experimental": "enforce", "production": "enforce"},
        "cap": {"floor": 5},
        "actions_per_hour": 100,
        "queue_backed": "report",
        "quarantine": {
            "reasons": ["world-open-attacked", "known-exploited", "lifecycle"],
            "after_expiry_days": 0,
            "protected_environments": ["production"],
        },
    },
}


@pytest.fixture(scope="package")
def scene() -> Iterator[Scene]:
    with deployed("trust", ACTING) as scene:
        yield scene
