"""The guard limits functions and restores them: the only part that may ever change one."""

from typing import Final

from functions.shared.config import WardenConfig
from functions.shared.core.part import Part
from stacks.permissions.grant import Grant, literal
from stacks.permissions.roles.shared import (
    BURY,
    CONSUME,
    EVERY_FUNCTION,
    FUNCTIONS,
    HAVE_TOLD,
    KEEP_EVIDENCE,
    NO_RESOURCES,
    PROVE,
)

_ALWAYS: Final = (
    Grant(
        "ReadFunctions",
        (
            "lambda:GetFunctionConcurrency",
            "lambda:GetFunctionConfiguration",
            "lambda:GetFunctionEventInvokeConfig",
            "lambda:ListProvisionedConcurrencyConfigs",
            "lambda:ListTags",
        ),
        (FUNCTIONS,),
        "Know what a limit must respect: what is set now, provisioned concurrency, the "
        "environment, how long asynchronous events wait, and whether they are kept then.",
        wildcard=EVERY_FUNCTION,
    ),
    Grant(
        "ReadAccount",
        (
            "lambda:GetAccountSettings",
            "lambda:ListEventSourceMappings",
            "lambda:ListFunctions",
        ),
        ("*",),
        "Know the account's concurrency, the queues and streams behind a function, and memory and "
        "architecture, which set the price.",
        wildcard=NO_RESOURCES,
    ),
    Grant(
        "ReadRedrivePolicies",
        ("sqs:GetQueueAttributes", "sqs:GetQueueUrl"),
        ("arn:{partition}:sqs:{region}:{account}:*",),
        "Say what becomes of the messages in front of a function that is throttled.",
        wildcard="The queues of the estate are not known beforehand; account and region are fixed.",
    ),
    Grant(
        "ReadMetrics",
        ("cloudwatch:GetMetricData",),
        ("*",),
        "See whether an anomaly has ended, what was spent, and how much of the pool was used.",
        wildcard=NO_RESOURCES,
    ),
    Grant(
        "ReadHistory",
        ("cloudtrail:LookupEvents",),
        ("*",),
        "Hold a message that somebody else set a concurrency against CloudTrail's own history.",
        wildcard=NO_RESOURCES,
    ),
    Grant(
        "SeeWhetherTheStackGoes",
        ("cloudformation:DescribeStackResource",),
        ("arn:{partition}:cloudformation:{region}:{account}:stack/{stack}/*",),
        "Believe a request to let everything go only while the stack is being deleted.",
        wildcard="The end of a stack's ARN is made up when it is created; its name is fixed.",
    ),
    Grant(
        "KeepLedger",
        ("dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query", "dynamodb:UpdateItem"),
        ("{table}",),
        "Write down what is intended before it is done; read the stop switch; keep the audit "
        "trail and alerts.",
    ),
    PROVE,
    KEEP_EVIDENCE,
    HAVE_TOLD,
    CONSUME,
    BURY,
)

_RESTORE: Final = (
    Grant(
        "SetConcurrency",
        ("lambda:DeleteFunctionConcurrency", "lambda:PutFunctionConcurrency"),
        (FUNCTIONS,),
        "Restore what was there before a limit and, where a mode is `enforce`, limit. IAM cannot "
        "tell the two apart; the code can, and a test holds it.",
        wildcard=EVERY_FUNCTION,
    ),
)

_LIMIT: Final = (
    Grant(
        "ScheduleRestores",
        ("scheduler:CreateSchedule",),
        ("arn:{partition}:scheduler:{region}:{account}:schedule/{schedule_group}/*",),
        "Have each limit lifted on time; a schedule deletes itself when it is done.",
        wildcard="One schedule for each limit, named at run time; the group is fixed.",
    ),
    Grant(
        "PassScheduleRole",
        ("iam:PassRole",),
        ("{schedule_role}",),
        "Give the schedules the one role that may write to this function's queue.",
        conditions={"StringEquals": {"iam:PassedToService": "scheduler.amazonaws.com"}},
    ),
)

RESTORE_SCHEDULES: Final = (
    Grant(
        "RemindTheGuard",
        ("sqs:SendMessage",),
        ("{queue}",),
        "Tell the guard, through its queue, that a limit's time is over.",
    ),
)
"""What the one-time schedules may do; the role that the guard passes on."""


def grants(config: WardenConfig) -> tuple[Grant, ...]:
    """What it may do; what changes functions, only as far as the modes want it."""
    return _ALWAYS + _acting(config)


def _acting(config: WardenConfig) -> tuple[Grant, ...]:
    """What changes functions: never Warden's own or exempt ones, and restoring in every mode."""
    policy = config.guard
    allowed = _RESTORE if policy.acts or policy.keep_restore_permission else ()
    limiting = _LIMIT if policy.acts else ()
    exempt = map(literal, config.exempt_functions)
    never = Grant(
        "NeverTouchTheseFunctions",
        ("lambda:DeleteFunctionConcurrency", "lambda:PutFunctionConcurrency"),
        tuple(
            f"arn:{{partition}}:lambda:*:{{account}}:function:{name}"
            for name in (*(part.function_name("{prefix}") for part in Part), *exempt)
        ),
        "Warden's own functions and the exempt ones are never acted on, even if another policy "
        "were attached to this role.",
        wildcard="Forbids these names in every region.",
        denied=True,
    )
    return (*allowed, *limiting, never)
