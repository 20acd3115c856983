"""Who may change a function without anybody hearing of it, and who may not."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.scanner.deployers import (
    Deployer,
    from_json,
    identity_of,
    noted,
    to_json,
    tool_of,
)
from functions.scanner.rules.unfamiliar_deployer import check
from functions.shared.events.change import Actor, ChangeKind, FunctionChange, Stated
from tests.unit.scanner.rules.known import NOW, facts, function, setting

_PIPELINE = Actor(
    "arn:aws:sts::111122223333:assumed-role/deploy/AWSCloudFormation",
    "cloudformation.amazonaws.com",
)
_ALICE = Actor("arn:aws:iam::111122223333:user/alice", "aws-cli/2.31.0 md/awscrt#0.27.6")
_CONSOLE = Actor(_ALICE.arn, "Mozilla/5.0 (X11; Linux x86_64)")
_BOB = Actor("arn:aws:iam::111122223333:user/bob", _ALICE.tool)
_NOBODY = Actor()
_OTHERS: dict[str, Actor] = {
    "root": Actor("arn:aws:iam::111122223333:root", "aws-cli/2.31.0"),
    "a person's sign-on": Actor(
        "arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Admin_0a1b/al@example.com", "boto3/1"
    ),
    "a stolen instance": Actor(
        "arn:aws:sts::111122223333:assumed-role/web/i-0123456789abcdef0", "aws-cli/2.31.0"
    ),
    "the pipeline's role in other hands": Actor(_PIPELINE.arn, "aws-cli/2.31.0"),
    "a tool nobody knows": Actor("arn:aws:sts::111122223333:assumed-role/x/y", "pacu/1.6"),
    "a user's key with a tool for deployments": Actor(_ALICE.arn, "Terraform/1.9"),
}

Story = Sequence[tuple[Actor, timedelta]]


def _after(story: Story, kind: ChangeKind = ChangeKind.CODE) -> list[str]:
    """The tools that are unfamiliar at `NOW`, after changes so long ago."""
    known: tuple[Deployer, ...] = ()
    for actor, ago in story:
        known = noted(known, FunctionChange(function(), kind, NOW - ago, actor))
    verdict = check(facts(deployers=known), setting())
    assert verdict.certain
    return [str(finding.evidence["tool"]) for finding in verdict.findings]


_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("story", "unfamiliar"),
    [
        ([], []),
        ([(_ALICE, _MINUTE)], []),
        ([(_PIPELINE, 2 * _DAY), (_PIPELINE, _DAY)], []),
        ([(_PIPELINE, _DAY), (_ALICE, _MINUTE)], ["AWS CLI"]),
        ([(_PIPELINE, _DAY), (_ALICE, 2 * _MINUTE), (_ALICE, _MINUTE)], ["AWS CLI"]),
        ([(_BOB, 9 * _DAY), (_ALICE, _DAY), (_ALICE, _MINUTE)], []),
        ([(_BOB, 9 * _DAY), (_ALICE, 7 * _DAY)], []),
        ([(_PIPELINE, 9 * _DAY), (_ALICE, _DAY), (_ALICE, _MINUTE)], ["AWS CLI"]),
        ([(_PIPELINE, 40 * _DAY), (_ALICE, 29 * _DAY)], ["AWS CLI"]),
        ([(_PIPELINE, 40 * _DAY), (_ALICE, 30 * _DAY)], []),
        ([(_PIPELINE, 40 * _DAY), *[(_ALICE, n * _DAY) for n in (9, 5, 1)]], []),
        ([(_ALICE, _DAY), (_CONSOLE, _MINUTE)], ["console"]),
        ([(_PIPELINE, _DAY), (_NOBODY, _MINUTE)], []),
    ],
    ids=[
        "nothing is known",
        "the first deployment is only recorded",
        "the pipeline as always",
        "a person's key after the pipeline",
        "several calls are one occasion",
        "a second occasion makes familiar",
        "so do seven days",
        "past a pipeline, a second occasion does not",
        "nor do four weeks",
        "a month does",
        "so do several occasions over a week",
        "another tool in the same hands",
        "Lambda's own events name nobody",
    ],
)
def test_a_newcomer_is_told_of_until_it_is_familiar(story: Story, unfamiliar: list[str]) -> None:
    assert _after(story) == unfamiliar


@pytest.mark.parametrize("kind", [ChangeKind.TAGS, ChangeKind.POLICY, ChangeKind.STATE])
def test_other_changes_deploy_nothing(kind: ChangeKind) -> None:
    assert _after([(_PIPELINE, _DAY), (_ALICE, _MINUTE)], kind) == []


def _severities(story: Story, kind: ChangeKind = ChangeKind.CODE, **stated: object) -> set[str]:
    known: tuple[Deployer, ...] = ()
    for actor, ago in story:
        more = Stated(**stated) if stated and ago < _DAY else Stated()  # type: ignore[arg-type] # by name
        known = noted(known, FunctionChange(function(), kind, NOW - ago, actor, stated=more))
    return {one.severity.label for one in check(facts(deployers=known), setting()).findings}


@pytest.mark.parametrize("actor", [_ALICE, _CONSOLE, *_OTHERS.values()], ids=str)
def test_code_changed_past_a_pipeline_is_high(actor: Actor) -> None:
    assert _severities([(_PIPELINE, 9 * _DAY), (_PIPELINE, 2 * _DAY), (actor, _MINUTE)]) == {"high"}


@pytest.mark.parametrize(
    ("story", "kind", "severities"),
    [
        # Where people deploy by hand anyway, one more of them is usual.
        ([(_BOB, 9 * _DAY), (_ALICE, _MINUTE)], ChangeKind.CODE, {"medium"}),
        ([(_PIPELINE, 9 * _DAY), (_ALICE, _MINUTE)], ChangeKind.CONFIGURATION, {"medium"}),
        # A second pipeline.
        (
            [
                (_PIPELINE, 9 * _DAY),
                (Actor("arn:aws:sts::1:assumed-role/tf/run", "Terraform/1.9"), _MINUTE),
            ],
            ChangeKind.CODE,
            {"medium"},
        ),
    ],
)
def test_other_newcomers_are_medium(story: Story, kind: ChangeKind, severities: set[str]) -> None:
    assert _severities(story, kind) == severities


def test_layers_are_code() -> None:
    story = [(_PIPELINE, 9 * _DAY), (_ALICE, _MINUTE)]
    assert _severities(story, ChangeKind.CONFIGURATION, layers=("x:1",)) == {"high"}


def test_an_event_delivered_twice_is_no_second_occasion() -> None:
    story = [(_PIPELINE, 3 * _DAY), (_ALICE, _DAY), (_ALICE, _DAY)]
    assert _after(story) == ["AWS CLI"]


@pytest.mark.parametrize(
    ("agent", "tool"),
    [
        ("cloudformation.amazonaws.com", "CloudFormation"),
        ("APN/1.0 HashiCorp/1.0 Terraform/1.9.8 aws-sdk-go-v2/1.32.7", "Terraform"),
        ("aws-sam-cli/1.130.0 Boto3/1.35.0", "SAM CLI"),
        ("aws-cli/2.31.0 md/awscrt#0.27.6 md/prompt#off md/command#lambda.x", "AWS CLI"),
        ("Boto3/1.40.1 md/Botocore#1.40.1 ua/2.1", "boto3"),
        ("aws-sdk-js/3.750.0 ua/2.1 os/linux", "AWS SDK for js"),
        ("console.amazonaws.com", "console"),
        ("AWS Internal", "console"),
        ("Mozilla/5.0 (Macintosh)", "console"),
        ("my-deployer/3.1 (internal)", "my-deployer"),
        ("", "unknown tool"),
    ],
)
def test_tools_are_known_by_their_user_agents(agent: str, tool: str) -> None:
    assert tool_of(agent) == tool


@pytest.mark.parametrize(
    ("arn", "identity"),
    [
        ("arn:aws:sts::111122223333:assumed-role/ci/run-81", "arn:aws:iam::111122223333:role/ci"),
        ("arn:aws:iam::111122223333:user/alice", "arn:aws:iam::111122223333:user/alice"),
        (
            "arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Admin_0a1b/alice@example.com",
            "arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Admin_0a1b/alice@example.com",
        ),
        ("cloudformation.amazonaws.com", "cloudformation.amazonaws.com"),
    ],
)
def test_sessions_of_a_role_are_one_identity_but_people_are_themselves(
    arn: str, identity: str
) -> None:
    assert identity_of(arn) == identity


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.integers(0, 10_000)), max_size=80))
def test_memory_survives_storage_and_keeps_the_first(calls: list[tuple[str, int]]) -> None:
    known: tuple[Deployer, ...] = ()
    for name, minutes in calls:
        at = NOW + timedelta(minutes=minutes)
        actor = Actor(f"arn:aws:iam::111122223333:user/{name}", "aws-cli/2")
        known = noted(known, FunctionChange(function(), ChangeKind.CODE, at, actor))
    assert from_json(to_json(known)) == known
    assert len(known) == len({name for name, _ in calls})
    if calls:
        assert known[0].identity.endswith(f"/{calls[0][0]}")


def test_memory_is_bounded() -> None:
    known: tuple[Deployer, ...] = ()
    for number in range(100):
        actor = Actor(f"arn:aws:iam::111122223333:user/u{number}", "aws-cli/2")
        at: datetime = NOW + timedelta(days=number)
        known = noted(known, FunctionChange(function(), ChangeKind.CODE, at, actor))
    assert len(known) == 30
    assert known[0].identity.endswith("/u0")
    assert known[-1].identity.endswith("/u99")
