"""X-Ray traces of sample functions: whose calls to another service fail, and who calls them.

Documents follow "AWS X-Ray segment documents" of the X-Ray Developer Guide.
"""

import json
import secrets
from datetime import datetime

PROVIDER = "payments.example.com"
"""Name of the service that fails; the domain is reserved for examples."""


def faulty_documents(name: str, arn: str, count: int, now: datetime) -> list[str]:
    """Segment documents of `count` traces, each of which ended in a fault just now."""
    return [
        json.dumps(_segment(name, arn, now.timestamp() - 20 - number)) for number in range(count)
    ]


def call_documents(caller: str, origin: str, name: str, arn: str, at: datetime) -> list[str]:
    """Segment documents of one trace in which a service calls a function.

    Args:
        caller: Name of the service.
        origin: What it runs on, such as `AWS::Lambda::Function`.
        name: Name of the function.
        arn: Its ARN.
        at: When it calls.
    """
    start = at.timestamp()
    ids = [secrets.token_hex(8) for _ in range(3)]
    common = {"trace_id": f"1-{int(start):08x}-{secrets.token_hex(12)}", "start_time": start}
    return [
        json.dumps({**common, **one})
        for one in (
            {"id": ids[0], "name": caller, "origin": origin, "end_time": start + 0.2},
            {"id": ids[1], "parent_id": ids[0], "name": name, "origin": "AWS::Lambda",
             "resource_arn": arn, "end_time": start + 0.19},
            {"id": ids[2], "parent_id": ids[1], "name": name, "origin": "AWS::Lambda::Function",
             "resource_arn": arn, "end_time": start + 0.18},
        )
    ]  # fmt: skip


def _segment(name: str, arn: str, start: float) -> dict[str, object]:
    failed = {
        "id": secrets.token_hex(8),
        "name": PROVIDER,
        "namespace": "remote",
        "start_time": start + 0.02,
        "end_time": start + 0.21,
        "fault": True,
        "http": {
            "request": {"method": "POST", "url": f"https://{PROVIDER}/charges"},
            "response": {"status": 503},
        },
    }
    return {
        "id": secrets.token_hex(8),
        "trace_id": f"1-{int(start):08x}-{secrets.token_hex(12)}",
        "name": name,
        "origin": "AWS::Lambda::Function",
        "resource_arn": arn,
        "start_time": start,
        "end_time": start + 0.24,
        "fault": True,
        "subsegments": [failed],
    }
