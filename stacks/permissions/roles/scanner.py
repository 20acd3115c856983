"""The scanner reads deployed code, resource policies and URLs."""

from typing import Final

from functions.shared.config import QuarantineReason, WardenConfig
from stacks.permissions.grant import Grant
from stacks.permissions.roles.shared import (
    BURY,
    CONSUME,
    EVERY_FUNCTION,
    FUNCTIONS,
    HAVE_TOLD,
    KEEP_ALERTS,
    KEEP_EVIDENCE,
    KEEP_RECORDS,
    PROVE,
    may_request_stop,
)

_ALWAYS: Final = (
    Grant(
        "ReadFunctions",
        (
            "lambda:GetFunction",
            "lambda:GetPolicy",
            "lambda:ListAliases",
            "lambda:ListFunctionEventInvokeConfigs",
            "lambda:ListFunctionUrlConfigs",
            "lambda:ListProvisionedConcurrencyConfigs",
            "lambda:ListTags",
        ),
        (FUNCTIONS,),
        "Download the deployed code; read its resource policy, its URLs, its tags, where its "
        "failed events go, and which of its versions are in use.",
        wildcard=EVERY_FUNCTION,
    ),
    Grant(
        "ListEventSources",
        ("lambda:ListEventSourceMappings",),
        ("*",),
        "Learn which versions and aliases event sources invoke.",
        wildcard="The action has no resource to be narrowed to.",
    ),
    Grant(
        "ReadExecutionRoles",
        ("iam:GetRolePolicy", "iam:ListAttachedRolePolicies", "iam:ListRolePolicies"),
        ("arn:{partition}:iam::{account}:role/*",),
        "Learn what a function's execution role allows.",
        wildcard="The roles of the estate are not known beforehand; the account is fixed.",
    ),
    Grant(
        "ReadManagedPolicies",
        ("iam:GetPolicy", "iam:GetPolicyVersion"),
        ("arn:{partition}:iam::aws:policy/*", "arn:{partition}:iam::{account}:policy/*"),
        "Learn what the policies attached to an execution role allow.",
        wildcard="Any policy of AWS or of the account may be attached to a role.",
    ),
    Grant(
        "ReadLayers",
        ("lambda:GetLayerVersion",),
        ("arn:{partition}:lambda:{region}:*:layer:*:*",),
        "Download the layers that a function uses.",
        wildcard="Functions use layers of vendors and of other accounts; their owners decide "
        "who may read them.",
    ),
    Grant(
        "ReadImages",
        ("ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"),
        ("arn:{partition}:ecr:{region}:*:repository/*",),
        "Download the container images that functions run.",
        wildcard="Functions run images of any repository, of other accounts, too; their owners "
        "decide who may read them.",
    ),
    Grant(
        "ReadArtifacts",
        ("s3:GetObject",),
        ("{bucket}/advisories/*", "{bucket}/inventories/*", "{bucket}/lockfiles/*"),
        "Read advisories, stored inventories and lockfiles.",
        wildcard="Objects come and go; the prefixes are fixed.",
    ),
    Grant(
        "WriteInventories",
        ("s3:PutObject",),
        ("{bucket}/inventories/*",),
        "Store the inventory of an artefact.",
        wildcard="One object for each artefact, named by its hash; the prefix is fixed.",
    ),
    Grant(
        "ListArtifacts",
        ("s3:ListBucket",),
        ("{bucket}",),
        "List the stored inventories when advisories change; learn that an object is missing "
        "(404), which S3 tells only those who may list.",
    ),
    KEEP_RECORDS,
    KEEP_ALERTS,
    KEEP_EVIDENCE,
    HAVE_TOLD,
    PROVE,
    CONSUME,
    Grant(
        "SpreadWork",
        ("sqs:SendMessage",),
        ("{queue}",),
        "Hand parts of a rematch, and the functions that it concerns, to further invocations.",
    ),
    BURY,
)


def grants(config: WardenConfig) -> tuple[Grant, ...]:
    """What it may do; ask the guard, only where policy names the reason."""
    return _ALWAYS + may_request_stop(config, QuarantineReason.KNOWN_EXPLOITED)
