from pathlib import Path

import pytest

from tests.integration.wheel.installation import build


@pytest.fixture(scope="package")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("wheel"))
