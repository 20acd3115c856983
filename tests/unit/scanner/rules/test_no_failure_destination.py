import pytest

from functions.scanner.failure_handling import FailureHandling
from functions.scanner.rules.no_failure_destination import check
from functions.shared.aws.access import Statement
from tests.unit.scanner.rules.known import facts, setting

_QUEUE = "arn:aws:sqs:eu-west-1:111122223333:failed"
_BY_S3 = (Statement("s3", ("s3.amazonaws.com",), ("lambda:InvokeFunction",)),)
_BY_API = (Statement("api", ("apigateway.amazonaws.com",), ("lambda:InvokeFunction",)),)


@pytest.mark.parametrize(
    ("policy", "handling", "dead_letters", "passes"),
    [
        ((), FailureHandling(), "", True),
        (_BY_API, FailureHandling(), "", True),
        (_BY_S3, FailureHandling(), "", False),
        ((), FailureHandling(configured=True), "", False),
        (_BY_S3, FailureHandling(configured=True), "", False),
        (_BY_S3, FailureHandling(configured=True, targets=(_QUEUE,)), "", True),
        (_BY_S3, FailureHandling(), _QUEUE, True),
    ],
)
def test_only_asynchronous_functions_need_a_place_for_failed_events(
    policy: tuple[Statement, ...], handling: FailureHandling, dead_letters: str, *, passes: bool
) -> None:
    known = facts(
        configuration={"failure_target": dead_letters}, policy=policy, failure_handling=handling
    )
    verdict = check(known, setting())
    assert (not verdict.findings, verdict.certain) == (passes, True)
