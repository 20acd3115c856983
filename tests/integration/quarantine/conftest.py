"""A deployment whose policy stops functions, which that of the demonstration does not."""

import io
from collections.abc import Iterator, Mapping
from typing import Any, Final

import pytest

from demo.deployment.provision import Provision
from demo.deployment.settings import DEMONSTRATION
from demo.estate.create import create_role
from demo.inbox import Inbox
from demo.local_aws import LocalAws
from demo.screen import Screen
from demo.workshop import workshop
from tests.integration.stack.scene import Scene

STOPPING: Final[Mapping[str, Any]] = {
    **DEMONSTRATION,
    "guard": {
        **DEMONSTRATION["guard"],
        "quarantine": {"reasons": ["lifecycle", "known-exploited"]},
    },
}


@pytest.fixture(scope="package")
def scene() -> Iterator[Scene]:
    screen = Screen(io.StringIO())
    with workshop("quarantine") as place:
        provision = Provision(STOPPING, place, screen)
        with LocalAws.start(place.folder / "aws", enforce_iam=True) as aws:
            warden = provision.finish(aws)
            inbox = Inbox.subscribe(aws, warden.topic, "quarantine")
            yield Scene(aws, warden, inbox, create_role(aws))
