from collections.abc import Iterator

import pytest

from demo.local_aws import LocalAws
from functions.notifier.channels.bus import AlertBus
from functions.notifier.channels.topics import Topics
from tests.integration.alerts.listener import listening
from tests.integration.alerts.scene import Scene
from tests.integration.alerts.stack import deploy


@pytest.fixture(scope="package")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    directory = tmp_path_factory.mktemp("ways-out")
    with (
        LocalAws.start(directory) as aws,
        listening() as web,
        listening() as pager,
        listening() as hooks,
    ):
        outputs = deploy(aws, f"{pager.url}/v2/enqueue", hooks.url)
        topics = Topics(
            aws.client("sns"),
            outputs["Main"],
            {"payments": outputs["Payments"]},
            outputs["Chat"],
        )
        bus = AlertBus(aws.client("events"), outputs["Bus"])
        yield Scene(aws, outputs, web, pager, hooks, topics, bus)
