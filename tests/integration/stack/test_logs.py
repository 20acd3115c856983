"""From lines in a function's log to alerts in SNS, through the deployed log-watch."""

import time
from typing import Final

from demo.inbox import Alert
from demo.local_aws import LocalAws
from tests.integration.stack.scene import Scene, package

KEPT: Final = {"owner": "shop", "environment": "production"}
NAME: Final = "ledger-writer"
GROUP: Final = f"/aws/lambda/{NAME}"
STREAM: Final = "2026/03/10/[$LATEST]0123456789abcdef"
CARD: Final = "4111 1111 1111 1111"
ERROR: Final = (
    "[ERROR] KeyError: 'amount'\rTraceback (most recent call last):\r"
    f'  File "/var/task/app.py", line 7, in handler\r    charge(card="{CARD}")\r'
)


def _subscribe(aws: LocalAws) -> None:
    logs = aws.client("logs")
    logs.create_log_group(logGroupName=GROUP)
    logs.create_log_stream(logGroupName=GROUP, logStreamName=STREAM)
    watch = aws.client("lambda").get_function(FunctionName="lambda-warden-log-watch")
    logs.put_subscription_filter(
        logGroupName=GROUP,
        filterName="lambda-warden-logs",
        filterPattern="",
        destinationArn=watch["Configuration"]["FunctionArn"],
    )


def _log(aws: LocalAws, *lines: str) -> None:
    at = int(time.time() * 1000)
    aws.client("logs").put_log_events(
        logGroupName=GROUP,
        logStreamName=STREAM,
        logEvents=[{"timestamp": at, "message": line} for line in lines],
    )


def _alert(scene: Scene, rule: str) -> Alert:
    wanted = (NAME, rule)
    scene.wait_for(lambda: wanted in {(one.function, one.rule) for one in scene.alerts})
    return scene.alert(*wanted)


def test_memory_then_an_error_that_never_was_and_what_should_not_be_logged(scene: Scene) -> None:
    scene.create(NAME, package(), KEPT)
    _subscribe(scene.aws)
    _log(scene.aws, "RequestId: x Error: Runtime exited with error: signal: killed")
    assert _alert(scene, "out-of-memory").severity == "high"
    _log(scene.aws, ERROR, f"paid with {CARD}")
    error, data = _alert(scene, "new-error"), _alert(scene, "sensitive-data-logged")
    assert "KeyError in app" in error.title
    assert "payment card" in data.title
    for alert in (error, data):
        assert CARD not in str(alert)
    assert scene.reasons_of_dead_letters() == []
