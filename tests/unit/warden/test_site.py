"""Finding the deployment, or saying in one sentence why not."""

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from functions.shared.aws.clients import ClientError
from functions.shared.state.table import ConflictError
from warden.answering import failure_of
from warden.failure import NoAnswerError
from warden.main import main
from warden.site import as_settings

OUTPUTS = {
    "StateTableName": "state",
    "BucketName": "artifacts",
    "AlertTopicArn": "arn:aws:sns:eu-west-1:123456789012:alerts",
    "NotifierQueueUrl": "https://sqs.example/notifier",
    "SweepFunctionName": "our-warden-sweep",
}


def _stack(**outputs: str) -> dict[str, Any]:
    return {
        "StackName": "watch",
        "StackId": "arn:aws:cloudformation:eu-west-1:123456789012:stack/watch/1",
        "Outputs": [{"OutputKey": key, "OutputValue": value} for key, value in outputs.items()],
    }


def test_a_stack_says_where_everything_is() -> None:
    found = as_settings(_stack(**OUTPUTS), region="eu-west-1")
    assert (found.account, found.table, found.bucket) == ("123456789012", "state", "artifacts")
    assert found.config.name_prefix == "our-warden"


@pytest.mark.parametrize("missing", OUTPUTS)
def test_a_stack_that_is_something_else_is_not_taken_for_warden(missing: str) -> None:
    outputs = {key: value for key, value in OUTPUTS.items() if key != missing}
    with pytest.raises(NoAnswerError, match=f"stack watch lacks the output {missing}"):
        as_settings(_stack(**outputs), region="eu-west-1")


NOWHERE = {
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_CONFIG_FILE": "/nonexistent",
    "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent",
    **dict.fromkeys(
        (
            "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE",
            "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL",
            "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI",
        )
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("surroundings", "arguments", "status", "sentence"),
    [
        ({}, [], 3, "There is no region."),
        ({"AWS_REGION": "eu-west-1"}, [], 3, "There are no AWS credentials."),
        ({"AWS_DEFAULT_REGION": "eu-west-1"}, [], 3, "There are no AWS credentials."),
        ({}, ["--region", "eu-west-1"], 3, "There are no AWS credentials."),
        ({}, ["--profile", "nobody"], 2, "(nobody) could not be found"),
    ],
)
@pytest.mark.parametrize("command", [["alerts"], ["guard", "status"], ["backtest", "orders"]])
def test_without_credentials_or_region_a_sentence_says_what_to_do(
    surroundings: dict[str, str],
    arguments: list[str],
    status: int,
    sentence: str,
    command: list[str],
) -> None:
    done = CliRunner().invoke(main, [*command, *arguments], env={**NOWHERE, **surroundings})
    assert done.exit_code == status
    assert sentence in done.stderr
    assert done.stdout == ""


EXPIRED = "The AWS credentials have expired. Sign in again (for example: aws sso login)."


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("AccessDenied", "AWS refused DescribeStacks (AccessDenied): not you"),
        ("ExpiredToken", EXPIRED),
        ("ExpiredTokenException", EXPIRED),
    ],
)
def test_what_aws_refuses_is_said_in_its_words(code: str, sentence: str) -> None:
    error = ClientError({"Error": {"Code": code, "Message": "not\x1b you"}}, "DescribeStacks")
    failure = failure_of(error)
    assert failure is not None
    assert (failure.exit_code, failure.message) == (3, sentence)


def test_others_at_the_same_item_are_no_traceback() -> None:
    failure = failure_of(ConflictError("the item changed since it was read"))
    assert isinstance(failure, NoAnswerError)
    assert "try again" in failure.message


def test_a_fault_of_warden_is_not_blamed_on_aws() -> None:
    assert failure_of(KeyError("pk")) is None


@pytest.mark.parametrize(
    ("text", "stack"),
    [
        ('{"context": {"warden": {"name_prefix": "ours"}}}', "ours"),
        ('{"context": {"warden": {}}}', "lambda-warden"),
        ('{"context": {"warden": "x"}}', "lambda-warden"),
        ("no json", "lambda-warden"),
        ("[]", "lambda-warden"),
        (None, "lambda-warden"),
    ],
)
def test_the_stack_is_that_of_the_folder(
    text: str | None, stack: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("WARDEN_STACK", raising=False)
    if text is not None:
        (tmp_path / "cdk.json").write_text(text, encoding="utf-8")
    asked: list[str] = []
    monkeypatch.setattr("warden.site.open_site", lambda _, name: asked.append(name))
    CliRunner().invoke(main, ["alerts", "--region", "eu-west-1"])
    assert asked == [stack]
