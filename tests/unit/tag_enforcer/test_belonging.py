"""Where functions belong and whose they are, and what people are told to write where."""

import json
import shlex
from typing import Any

import pytest

from functions.shared.config import TagPolicy
from functions.shared.core.tool import Tool, tool_of_agent, tool_of_tags
from functions.shared.policy.model import Policy
from functions.shared.policy.read import DEFAULT, read_policy
from functions.tag_enforcer.judged import JudgedFunction, judge
from functions.tag_enforcer.rules import tag_policy
from functions.tag_enforcer.snippets import instruction
from functions.tag_enforcer.tagged import TaggedFunction
from tests.unit.conftest import NOW
from tests.unit.shared.findings import ORDERS

POLICY: Policy = read_policy(
    DEFAULT.read_text(encoding="utf-8")
    .replace(
        "known-by: []",
        """known-by:
  - {environment: production, account: "999999999999"}
  - {environment: experimental, name: "poc-*"}
  - {environment: back-office, arn: "*:function:ord*"}""",
    )
    .replace(
        "owned-by: []",
        """owned-by:
  - {owner: data, deployer: "deploy-data-*", repository: "github.com/example/*"}
  - {owner: shop, stack: "shop-*"}""",
    )
    .encode()
)
KEPT = {"owner": "payments", "environment": "production"}


def judged(tags: dict[str, str], **known: Any) -> JudgedFunction:
    one = TaggedFunction(function=ORDERS, tags=tags, **known)
    return judge(one, POLICY, TagPolicy(), NOW.date())


@pytest.mark.parametrize(
    ("tags", "known", "environment", "by"),
    [
        (KEPT, {}, "production", "its tag environment=production"),
        ({"Stage": "PRD"}, {}, "production", "its tag Stage=PRD"),
        (
            {"environment": "moon"},
            {"stack": "s", "stack_tags": {"env": "dev"}},
            "experimental",
            "the tag env=dev of its stack s",
        ),
        ({}, {}, "back-office", "the policy's pattern arn *:function:ord*"),
    ],
)
def test_where_a_function_belongs(
    tags: dict[str, str], known: dict[str, Any], environment: str, by: str
) -> None:
    found = judged(tags, **known).belonging
    assert (found.environment, found.environment_by) == (environment, by)


@pytest.mark.parametrize(
    ("tags", "known", "owner", "by"),
    [
        (KEPT, {"former_owner": "x"}, "payments", "its tag owner"),
        ({"Contact": "a@example.com"}, {}, "a@example.com", "its tag Contact"),
        (
            {"owner": "two words"},
            {"stack": "s", "stack_tags": KEPT, "former_owner": "x"},
            "payments",
            "the tag owner of its stack s",
        ),
        (
            {},
            {"deployer": "deploy-data-7", "repository": "github.com/example/lake"},
            "data",
            (
                "the policy's pattern deployer deploy-data-* (deploy-data-7), repository "
                "github.com/example/* (github.com/example/lake)"
            ),
        ),
        ({}, {"deployer": "deploy-data-7"}, "", ""),
        ({}, {"stack": "shop-live"}, "shop", "the policy's pattern stack shop-* (shop-live)"),
        (
            {},
            {"deployer": "jo@example.com", "former_owner": "x"},
            "jo@example.com",
            "the identity that deployed it last",
        ),
        ({}, {"former_owner": "x"}, "x", "the owner of the earlier function of this name"),
        ({}, {"deployer": "root"}, "", ""),
    ],
)
def test_whose_a_function_is(
    tags: dict[str, str], known: dict[str, Any], owner: str, by: str
) -> None:
    found = judged(tags, **known).belonging
    assert (found.owner, found.owner_by) == (owner, by)


def test_one_finding_names_everything_and_shows_the_evidence() -> None:
    one = judged({"Owner": "payments", "expiry": "soon"}, deployer="deploy-data-7")
    [finding] = tag_policy.check(one, NOW.date()).findings
    assert finding.title == (
        "Tags break the policy: wrong expiry, no environment tag, owner is written Owner"
    )
    assert finding.evidence["owner_known_by"] == "its tag Owner"
    assert finding.evidence["environment_known_by"] == "the policy's pattern arn *:function:ord*"
    assert '"owner":"payments"' in finding.remedy
    assert '"environment":"back-office"' in finding.remedy


def test_an_inferred_owner_is_less_urgent_than_none() -> None:
    nobody, somebody = judged({}), judged({}, stack="shop-live")
    assert [one.problems[0].severity.label for one in (nobody, somebody)] == ["high", "medium"]


def test_aws_s_own_tags_are_nobody_s_near_miss() -> None:
    assert judged({"aws:owner": "x"}).belonging.owner == ""


@pytest.mark.parametrize(
    ("tags", "tool"),
    [
        ({"aws:cloudformation:stack-name": "s"}, Tool.CLOUDFORMATION),
        (
            {
                "aws:cloudformation:stack-name": "s",
                "aws:cloudformation:logical-id": "OrdersHandler3F2A9C01",
            },
            Tool.CDK,
        ),
        (
            {
                "aws:cloudformation:stack-name": "s",
                "aws:cloudformation:logical-id": "OrdersLambdaFunction",
            },
            Tool.SERVERLESS,
        ),
        ({"aws:cloudformation:stack-name": "s", "lambda:createdBy": "SAM"}, Tool.SAM),
        ({"sst:app": "shop", "sst:stage": "dev"}, Tool.SST),
        ({"ManagedBy": "Terraform"}, Tool.TERRAFORM),
        ({"terraform": "true"}, Tool.TERRAFORM),
        ({"terraform": "false"}, None),
        ({"pulumi:project": "shop"}, Tool.PULUMI),
        ({"managed-by": "a person"}, None),
        ({"provisioner": "assistant"}, None),
        ({}, None),
    ],
)
def test_which_tool_manages_a_function(tags: dict[str, str], tool: Tool | None) -> None:
    assert tool_of_tags(tags) is tool


@pytest.mark.parametrize(
    ("agent", "tool"),
    [
        (
            (
                "APN/1.0 HashiCorp/1.0 Terraform/1.9.5 (+https://www.terraform.io) "
                "terraform-provider-aws/5.60.0"
            ),
            Tool.TERRAFORM,
        ),
        ("cloudformation.amazonaws.com", Tool.CLOUDFORMATION),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36", None),
        ("AWS Internal", None),
    ],
)
def test_who_called_tells_the_tool(agent: str, tool: Tool | None) -> None:
    assert tool_of_agent(agent) is tool


@pytest.mark.parametrize(
    ("tool", "snippet"),
    [
        (Tool.CLOUDFORMATION, 'Tags: [{Key: "owner", Value: "TEAM"}]'),
        (Tool.SAM, 'Tags: {"owner": "TEAM"}'),
        (Tool.CDK, 'Tags.of(fn).add("owner", "TEAM")'),
        (Tool.SERVERLESS, 'tags: {"owner": "TEAM"}'),
        (Tool.SST, 'transform: {function: {tags: {"owner": "TEAM"}}}'),
        (Tool.TERRAFORM, 'tags = {"owner" = "TEAM"}'),
        (Tool.PULUMI, 'tags: {"owner": "TEAM"}'),
    ],
)
def test_the_alert_speaks_the_language_of_the_tool(tool: Tool, snippet: str) -> None:
    assert instruction(tool, ORDERS, {"owner": "TEAM"}).endswith(f": {snippet}")


def test_without_a_tool_it_is_a_command_that_a_shell_takes_as_it_is() -> None:
    hostile = {"it's": '$(rm -rf ~) `x` "y"'}
    words = shlex.split(instruction(None, ORDERS, hostile).removeprefix("Run: "))
    assert words[:5] == ["aws", "lambda", "tag-resource", "--resource", str(ORDERS)]
    assert json.loads(words[-1]) == hostile
