"""What holds data, or has a name that is given once, keeps its logical id from version to version.

CloudFormation knows a resource by its logical id. Under a new one it makes a second table, empty,
and takes the first away; of a function or a log group it cannot even make a second one, because
the name is taken. Logical ids come from the ids of the constructs, which a move may change.
"""

from pathlib import Path

import pytest

from tests.stacks.conftest import Synthesize

STORED = Path(__file__).with_name("lasting_resources.txt")
LASTING = (
    "AWS::DynamoDB::Table",
    "AWS::Events::EventBus",
    "AWS::Lambda::Function",
    "AWS::Logs::LogGroup",
    "AWS::S3::Bucket",
    "AWS::SNS::Topic",
    "AWS::SQS::Queue",
    "AWS::Scheduler::ScheduleGroup",
)


@pytest.fixture
def deployed_before() -> set[str]:
    return set(STORED.read_text(encoding="utf-8").splitlines())


@pytest.fixture
def deployed_now(synthesize: Synthesize) -> set[str]:
    every_part = synthesize({"sensor": {"enabled": True}, "logs": {"enabled": True}})
    return {
        f"{resource['Type']} {name}"
        for name, resource in every_part.template["Resources"].items()
        if resource["Type"] in LASTING
    }


def test_what_was_deployed_before_is_found_again(
    deployed_before: set[str], deployed_now: set[str]
) -> None:
    lost = sorted(deployed_before - deployed_now)
    assert lost == [], "an update would delete these; keep the ids of their constructs"


def test_what_is_new_is_remembered(deployed_before: set[str], deployed_now: set[str]) -> None:
    new = sorted(deployed_now - deployed_before)
    shown = "\n".join(new)
    assert new == [], f"add these lines to {STORED.name}, and never take one away:\n{shown}"
