import pytest

from functions.scanner.failure_handling import FailureHandling
from functions.scanner.rules.no_failure_destination import check
from functions.shared.core.policy_document import Policy
from tests.unit.scanner.rules.known import facts, policy, setting

_QUEUE = "arn:aws:sqs:eu-west-1:111122223333:failed"
_NOBODY = policy()
_BY_S3 = policy("s3.amazonaws.com")
_BY_API = policy("apigateway.amazonaws.com")


@pytest.mark.parametrize(
    ("admitting", "handling", "dead_letters", "passes"),
    [
        (_NOBODY, FailureHandling(), "", True),
        (_BY_API, FailureHandling(), "", True),
        (_BY_S3, FailureHandling(), "", False),
        (_NOBODY, FailureHandling(configured=True), "", False),
        (_BY_S3, FailureHandling(configured=True), "", False),
        (_BY_S3, FailureHandling(configured=True, targets=(_QUEUE,)), "", True),
        (_BY_S3, FailureHandling(), _QUEUE, True),
    ],
)
def test_only_asynchronous_functions_need_a_place_for_failed_events(
    admitting: Policy, handling: FailureHandling, dead_letters: str, *, passes: bool
) -> None:
    known = facts(
        configuration={"failure_target": dead_letters}, policy=admitting, failure_handling=handling
    )
    verdict = check(known, setting())
    assert (not verdict.findings, verdict.certain) == (passes, True)
