from collections.abc import Iterator

import pytest

from demo.local_aws import LocalAws
from tests.integration.local_aws.scene import Scene


@pytest.fixture(scope="module")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalAws]:
    with LocalAws.start(tmp_path_factory.mktemp("aws")) as running:
        yield running


@pytest.fixture(scope="module")
def scene(aws: LocalAws) -> Scene:
    return Scene(aws)


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with LocalAws.start(tmp_path_factory.mktemp("strict"), enforce_iam=True) as running:
        yield Scene(running)
