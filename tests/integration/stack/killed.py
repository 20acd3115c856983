"""The guard's real handler in a process of its own, killed at a call: `... killed.py NUMBER`.

The SQS event comes on standard input. The process kills itself, as nothing can catch, when it is
about to make its call of that number, counted from 0; that is also after the call before. Exit code
0 means that the handler came to its end.
"""

import json
import os
import signal
import sys
import types
from typing import Any

import botocore.client

from functions.guard.handler import handler


def main() -> int:
    """Handle the event, or die."""
    left = int(sys.argv[1])
    make = botocore.client.BaseClient._make_api_call  # type: ignore[attr-defined] # the one door

    def counted(client: Any, operation: str, parameters: Any) -> Any:
        nonlocal left
        left -= 1
        if left == -1:
            os.kill(os.getpid(), signal.SIGKILL)
        return make(client, operation, parameters)

    botocore.client.BaseClient._make_api_call = counted  # type: ignore[attr-defined] # the one door
    context: Any = types.SimpleNamespace(
        function_name="guard",
        memory_limit_in_mb=512,
        invoked_function_arn="arn",
        aws_request_id="request",
        get_remaining_time_in_millis=lambda: 60_000,
    )
    answer = handler(json.load(sys.stdin), context)
    return 0 if answer == {"batchItemFailures": []} else 3


if __name__ == "__main__":
    sys.exit(main())
