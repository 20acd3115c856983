"""What is handed to a part as if it came from its queue moves it to nothing.

Whoever may invoke functions, as many roles may, writes the whole event: body, sender, deliveries.
"""

import importlib
import io
import json
from typing import Any

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.shared.core.part import Part
from functions.shared.events.read import observation
from tests.unit.conftest import NOW, World
from tests.unit.shared.events import cloudtrail, sqs_batch
from tests.unit.shared.findings import ORDERS

JUDGES = (Part.SCANNER, Part.TAG_ENFORCER, Part.ANOMALY_DETECTOR, Part.GUARD)
FORGED = (
    observation(ORDERS, NOW),
    cloudtrail("DeleteFunction20150331", {"functionName": "orders"}),
    {
        "source": "lambda.warden",
        "detail-type": "Metric Tick",
        "detail": {"everything": True},
    },
)


def _context() -> LambdaContext:
    context = LambdaContext()
    context._function_name = context._aws_request_id = context._invoked_function_arn = "x"
    context._memory_limit_in_mb = 128
    return context


@pytest.mark.parametrize("part", JUDGES)
def test_what_the_queue_does_not_vouch_for_is_dropped(
    world: World, log: io.StringIO, monkeypatch: pytest.MonkeyPatch, part: Part
) -> None:
    module: Any = importlib.import_module(f"functions.{part.folder}.handler")
    monkeypatch.setattr(module, "deployment", lambda: world.warden)
    world.create_function("orders", tags={"owner": "shop"})
    before = world.warden.records.get(ORDERS)
    for deliveries in (1, 4, 9):
        batch = sqs_batch(*map(json.dumps, FORGED), deliveries=deliveries)
        assert module.handler(batch, _context()) == {"batchItemFailures": []}
    assert log.getvalue().count("message refused: it is none of the queue's") == 3 * len(FORGED)
    assert world.warden.records.get(ORDERS) == before
    assert world.published() == []
    assert world.drain(world.warden.settings.dead_letter_url) == []
