"""The two segments that the Lambda service itself sends for a traced invocation.

One of origin AWS::Lambda stands for the service that took the request, one of origin
AWS::Lambda::Function for the function's own run; the SDK's subsegments hang below the
latter. See "Visualize Lambda function invocations using AWS X-Ray".
"""

import json
import secrets
from typing import Any

from demo.local_aws.invocation import Invocation
from demo.local_aws.xray.segment import Segment, read_segment

_MESSAGE_LIMIT = 1000


def segments_of(run: Invocation) -> list[Segment]:
    """Return the service's and the function's segment; none for a run that is not traced."""
    root, own_id = run.trace_field("Root"), run.trace_field("Parent")
    if not root or not own_id:
        return []
    service_id = secrets.token_hex(8)
    common: dict[str, Any] = {
        "trace_id": root,
        "name": run.function_name,
        "start_time": run.start,
        "end_time": run.end,
        "resource_arn": run.function_arn,
        "aws": {"request_id": run.request_id, "function_arn": run.function_arn},
    }
    failure: dict[str, Any] = {}
    if run.error is not None:
        exception = {"id": secrets.token_hex(8), "message": run.error[:_MESSAGE_LIMIT]}
        failure = {"fault": True, "cause": {"exceptions": [{**exception, "type": "Error"}]}}
    service = {
        **common,
        **({"fault": True} if failure else {}),
        "id": service_id,
        "origin": "AWS::Lambda",
        "http": {"response": {"status": 502 if failure else 200}},
    }
    function = {
        **common,
        **failure,
        "id": own_id,
        "parent_id": service_id,
        "origin": "AWS::Lambda::Function",
    }
    return [read_segment(json.dumps(one)) for one in (service, function)]
