"""Deliveries of CloudWatch Logs, as they arrive, with lines of the sensor in them."""

import base64
import gzip
import json
from datetime import datetime
from typing import Any

from tests.unit.conftest import ACCOUNT


def line(kind: str, did: str = "seen", **fields: Any) -> str:
    """A line as the sensor writes it."""
    whole = {"warden_sensor": 1, "kind": kind, "env": 7, "did": did, **fields}
    return json.dumps(whole, separators=(",", ":"))


def packed(document: object) -> dict[str, Any]:
    """Anything, packed as a delivery is."""
    data = base64.b64encode(gzip.compress(json.dumps(document).encode())).decode()
    return {"awslogs": {"data": data}}


def delivery(
    *messages: str, at: datetime, group: str = "/aws/lambda/orders", owner: str = ACCOUNT
) -> dict[str, Any]:
    """A delivery of some messages."""
    stamp = int(at.timestamp() * 1000)
    return packed(
        {
            "messageType": "DATA_MESSAGE",
            "owner": owner,
            "logGroup": group,
            "logStream": "2026/03/10/payments[$LATEST]0123456789abcdef",
            "subscriptionFilters": ["lambda-warden-sensor"],
            "logEvents": [
                {"id": str(n), "timestamp": stamp, "message": message}
                for n, message in enumerate(messages)
            ],
        }
    )
