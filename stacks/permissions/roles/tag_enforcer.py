"""The tag-enforcer reads tags."""

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
    NO_RESOURCES,
    PROVE,
    may_request_stop,
)

_ALWAYS: Final = (
    Grant(
        "ReadTags",
        ("lambda:ListTags",),
        (FUNCTIONS,),
        "Read a function's tags. GetFunction would tell them too, and hand out the code.",
        wildcard=EVERY_FUNCTION,
    ),
    Grant(
        "ReadTagsOfStacks",
        ("cloudformation:DescribeStacks",),
        ("arn:{partition}:cloudformation:{region}:{account}:stack/*",),
        "Infer the owner and the environment of a function from the tags of its stack.",
        wildcard="The stacks of the estate are not known beforehand; account and region are fixed.",
    ),
    Grant(
        "ReadUploadedPolicy",
        ("s3:GetObject",),
        ("{bucket}/policy/policy.yaml",),
        "Read a policy that was uploaded.",
    ),
    Grant(
        "SeeWhetherThereIsAPolicy",
        ("s3:ListBucket",),
        ("{bucket}",),
        "Learn that no policy was uploaded (404), which S3 tells only those who may list.",
    ),
    Grant(
        "ReadTheEstate",
        ("s3:GetObject",),
        ("{bucket}/estate/functions.json", "{bucket}/estate/use.json"),
        "Know which functions there are, and when each was called.",
    ),
    Grant(
        "WriteUseDown",
        ("s3:PutObject",),
        ("{bucket}/estate/use.json",),
        "Remember when each function was called.",
    ),
    Grant(
        "ReadMetrics",
        ("cloudwatch:GetMetricData",),
        ("*",),
        "See once a day which functions were called.",
        wildcard=NO_RESOURCES,
    ),
    Grant(
        "ListSchedules",
        ("scheduler:ListSchedules",),
        ("*",),
        "See which functions a schedule calls: it needs no permission on the function.",
        wildcard=NO_RESOURCES,
    ),
    Grant(
        "ReadRecordsInBulk",
        ("dynamodb:BatchGetItem",),
        ("{table}",),
        "Read what is known of a hundred functions with one call.",
    ),
    Grant(
        "ReadAgenda",
        ("dynamodb:Query",),
        ("{table}/index/agenda",),
        "Know which findings of a function are open that nobody calls.",
    ),
    Grant(
        "KeepPolicy",
        ("dynamodb:DeleteItem",),
        ("{table}",),
        "Go back to the deployed policy when the upload was taken away.",
    ),
    KEEP_RECORDS,
    KEEP_ALERTS,
    KEEP_EVIDENCE,
    HAVE_TOLD,
    PROVE,
    CONSUME,
    Grant(
        "LookAgainLater",
        ("sqs:SendMessage",),
        ("{queue}",),
        "Come back to a function when its grace period is over.",
    ),
    BURY,
)


_READ_DEPLOYED: Final = Grant(
    "ReadDeployedPolicy",
    ("s3:GetObject",),
    ("{policy}",),
    "Read the policy that the stack was deployed with.",
)


def grants(config: WardenConfig) -> tuple[Grant, ...]:
    """What it may do; ask the guard, only where policy names the reason."""
    deployed = (_READ_DEPLOYED,) if config.policy else ()
    return _ALWAYS + deployed + may_request_stop(config, QuarantineReason.LIFECYCLE)
