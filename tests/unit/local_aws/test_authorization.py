"""By what calls are authorized, as the Service Authorization Reference has it."""

import pytest

from demo.local_aws.authorization import action, resource

_FUNCTION = "/2015-03-31/functions/orders"
_LAYER = "arn%3Aaws%3Alambda%3Aus-east-1%3A222222222222%3Alayer%3Atools"


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/2018-10-31/layers/tools/versions/3", "lambda:GetLayerVersion"),
        ("POST", "/2018-10-31/layers/tools/versions", None),
        ("GET", f"{_FUNCTION}/concurrency", "lambda:GetFunctionConcurrency"),
        ("DELETE", f"{_FUNCTION}/concurrency", "lambda:DeleteFunctionConcurrency"),
        ("PUT", f"{_FUNCTION}/concurrency", None),
        ("GET", f"{_FUNCTION}/urls", "lambda:ListFunctionUrlConfigs"),
        (
            "GET",
            f"{_FUNCTION}/provisioned-concurrency",
            "lambda:ListProvisionedConcurrencyConfigs",
        ),
        ("GET", f"{_FUNCTION}/event-invoke-config", "lambda:GetFunctionEventInvokeConfig"),
        (
            "GET",
            f"{_FUNCTION}/event-invoke-config/list",
            "lambda:ListFunctionEventInvokeConfigs",
        ),
        ("GET", _FUNCTION, None),
    ],
)
def test_a_call_is_authorized_by_its_own_action(
    method: str, path: str, expected: str | None
) -> None:
    assert action("lambda", method, path) == expected
    assert action("s3", method, path) is None


@pytest.mark.parametrize(
    ("service", "path", "body", "expected"),
    [
        ("scheduler", "/schedules/lift", b'{"GroupName": "caps"}', "schedule/caps/lift"),
        ("scheduler", "/schedules/lift", b"{}", "schedule/default/lift"),
        ("scheduler", "/schedules/lift", b"no json", "schedule/default/lift"),
        ("lambda", "/2018-10-31/layers/tools/versions/3", b"", "layer:tools:3"),
    ],
)
def test_a_call_is_authorized_on_what_it_names(
    service: str, path: str, body: bytes, expected: str
) -> None:
    found = resource(service, "POST", path, body, region="us-east-1", account="111111111111")
    assert found == f"arn:aws:{service}:us-east-1:111111111111:{expected}"


def test_a_layer_of_another_account_keeps_its_own_arn() -> None:
    path = f"/2018-10-31/layers/{_LAYER}/versions/3"
    found = resource("lambda", "GET", path, b"", region="us-east-1", account="111111111111")
    assert found == "arn:aws:lambda:us-east-1:222222222222:layer:tools:3"


def test_other_calls_are_left_to_the_emulator() -> None:
    assert resource("sqs", "POST", "/", b"{}", region="r", account="1") is None
