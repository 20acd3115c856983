"""The permission table: every action of every function, and why it is needed.

Actions and the resources they can be narrowed to follow the Service Authorization Reference of
each service. docs/permissions.md is made from this file by `python -m stacks.permissions.page`.
"""

from typing import Final

from functions.shared.config import WardenConfig
from functions.shared.events.envelope import WARDEN_SOURCE
from stacks.part import Part
from stacks.permissions.grant import Grant

_FUNCTIONS: Final = "arn:{partition}:lambda:{region}:{account}:function:*"
_EVERY_FUNCTION: Final = (
    "The functions of the estate are not known beforehand; account and region are fixed."
)
_NO_RESOURCES: Final = "The service authorizes these actions for all resources or none."

_EVERY_PART: Final = (
    Grant(
        "WriteOwnLog",
        ("logs:CreateLogStream", "logs:PutLogEvents"),
        ("{log_group}",),
        "Write its own log; the log group itself is made by the stack.",
    ),
    Grant(
        "SendTraces",
        ("xray:PutTelemetryRecords", "xray:PutTraceSegments"),
        ("*",),
        "Be traced.",
        wildcard=_NO_RESOURCES,
    ),
)
_PUBLISH: Final = Grant("PublishAlerts", ("sns:Publish",), ("{topic}",), "Publish alerts.")
_CONSUME: Final = Grant(
    "ConsumeQueue",
    ("sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"),
    ("{queue}",),
    "Receive its messages: Lambda polls the queue in this role's name.",
)
_BURY: Final = Grant(
    "SetMessagesAside",
    ("sqs:SendMessage",),
    ("{dead_letters}",),
    "Put a message that cannot be handled, with its reason, into the dead-letter queue.",
)
_LOSE_NO_CALL: Final = Grant(
    "KeepFailedCalls",
    ("sqs:SendMessage",),
    ("{dead_letters}",),
    "Keep an asynchronous call that failed for good: Lambda sends it in this role's name.",
)
_KEEP_ALERTS: Final = Grant(
    "KeepAlerts",
    ("dynamodb:PutItem", "dynamodb:Query", "dynamodb:UpdateItem"),
    ("{table}",),
    "Remember which alerts are open, and which news of them is published.",
)
_KEEP_RECORDS: Final = Grant(
    "KeepRecords",
    ("dynamodb:GetItem", "dynamodb:UpdateItem"),
    ("{table}",),
    "Remember what is known of a function.",
)

_ANNOUNCE: Final = Grant(
    "PublishEvents",
    ("events:PutEvents",),
    ("arn:{partition}:events:{region}:{account}:event-bus/default",),
    "Tell the other functions, through the bus, what it found.",
    # PutEvents always has a source. IfExists serves the embedded AWS, which has no such key.
    conditions={"StringEqualsIfExists": {"events:source": WARDEN_SOURCE}},
)

_SCANNER: Final = (
    Grant(
        "ReadFunctions",
        (
            "lambda:GetFunction",
            "lambda:GetPolicy",
            "lambda:ListFunctionEventInvokeConfigs",
            "lambda:ListFunctionUrlConfigs",
            "lambda:ListTags",
        ),
        (_FUNCTIONS,),
        "Download the deployed code; read its resource policy, its URLs, its tags, and where "
        "its failed events go.",
        wildcard=_EVERY_FUNCTION,
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
    _KEEP_RECORDS,
    _KEEP_ALERTS,
    _PUBLISH,
    _CONSUME,
    Grant(
        "SpreadWork",
        ("sqs:SendMessage",),
        ("{queue}",),
        "Hand parts of a rematch, and the functions that it concerns, to further invocations.",
    ),
    _BURY,
)

_TAG_ENFORCER: Final = (
    Grant(
        "ReadTags",
        ("lambda:ListTags",),
        (_FUNCTIONS,),
        "Read a function's tags. GetFunction would tell them too, and hand out the code.",
        wildcard=_EVERY_FUNCTION,
    ),
    _KEEP_RECORDS,
    _KEEP_ALERTS,
    _PUBLISH,
    _CONSUME,
    Grant(
        "LookAgainLater",
        ("sqs:SendMessage",),
        ("{queue}",),
        "Come back to a function when its grace period is over.",
    ),
    _BURY,
)

_ANOMALY_DETECTOR: Final = (
    Grant(
        "ReadMetrics",
        ("cloudwatch:GetMetricData", "cloudwatch:ListMetrics"),
        ("*",),
        "Find the functions that were active, and read their metrics.",
        wildcard=_NO_RESOURCES,
    ),
    Grant(
        "ReadTraces",
        ("xray:GetTraceSummaries",),
        ("*",),
        "Find the functions whose traces end in faults.",
        wildcard=_NO_RESOURCES,
    ),
    Grant(
        "ReadLimits",
        ("lambda:GetFunctionConfiguration",),
        (_FUNCTIONS,),
        "Know a function's timeout and memory. GetFunctionConfiguration gives no code.",
        wildcard=_EVERY_FUNCTION,
    ),
    _KEEP_RECORDS,
    _KEEP_ALERTS,
    _PUBLISH,
    _CONSUME,
    Grant(
        "SpreadWork",
        ("sqs:SendMessage",),
        ("{queue}",),
        "Hand parts of one tick to further invocations.",
    ),
    Grant(
        "AskTheGuard",
        ("sqs:SendMessage",),
        ("{guard_queue}",),
        "Tell the guard of a confirmed runaway; the guard decides.",
    ),
    _BURY,
)

_GUARD: Final = (
    Grant(
        "ReadFunctions",
        (
            "lambda:GetFunctionConcurrency",
            "lambda:GetFunctionConfiguration",
            "lambda:GetFunctionEventInvokeConfig",
            "lambda:ListProvisionedConcurrencyConfigs",
            "lambda:ListTags",
        ),
        (_FUNCTIONS,),
        "Know what a limit must respect: what is set now, provisioned concurrency, the "
        "environment, how long asynchronous events wait, and whether they are kept then.",
        wildcard=_EVERY_FUNCTION,
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
        wildcard=_NO_RESOURCES,
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
        wildcard=_NO_RESOURCES,
    ),
    Grant(
        "KeepLedger",
        ("dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query", "dynamodb:UpdateItem"),
        ("{table}",),
        "Write down what is intended before it is done; read the stop switch; keep the audit "
        "trail and alerts.",
    ),
    _PUBLISH,
    _CONSUME,
    _BURY,
)

_RESTORE: Final = (
    Grant(
        "SetConcurrency",
        ("lambda:DeleteFunctionConcurrency", "lambda:PutFunctionConcurrency"),
        (_FUNCTIONS,),
        "Restore what was there before a limit and, where a mode is `enforce`, limit. IAM cannot "
        "tell the two apart; the code can, and a test holds it.",
        wildcard=_EVERY_FUNCTION,
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

_SWEEP: Final = (
    Grant(
        "ListFunctions",
        ("lambda:ListFunctions",),
        ("*",),
        "List the estate.",
        wildcard=_NO_RESOURCES,
    ),
    Grant(
        "ReadTagsInBulk",
        ("tag:GetResources",),
        ("*",),
        "Read the tags of a hundred functions with one call.",
        wildcard=_NO_RESOURCES,
    ),
    Grant(
        "CompareRecords",
        ("dynamodb:BatchGetItem", "dynamodb:UpdateItem"),
        ("{table}",),
        "Compare the list with what is remembered, and remember it.",
    ),
    _ANNOUNCE,
    _LOSE_NO_CALL,
)

_ADVISORY_SYNC: Final = (
    Grant(
        "KeepAdvisories",
        ("s3:DeleteObject", "s3:GetObject", "s3:PutObject"),
        ("{bucket}/advisories/*",),
        "Publish a new advisory index, and remove one that nothing points to any more.",
        wildcard="Each index is an object of its own; the prefix is fixed.",
    ),
    Grant(
        "ListAdvisories",
        ("s3:ListBucket",),
        ("{bucket}",),
        "Learn that an object is missing (404), which S3 tells only those who may list.",
    ),
    _KEEP_ALERTS,
    _PUBLISH,
    _ANNOUNCE,
    _LOSE_NO_CALL,
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


def grants(part: Part, config: WardenConfig) -> tuple[Grant, ...]:
    """Everything that the role of a function allows and forbids."""
    own: dict[Part, tuple[Grant, ...]] = {
        Part.SCANNER: _SCANNER,
        Part.TAG_ENFORCER: _TAG_ENFORCER,
        Part.ANOMALY_DETECTOR: _ANOMALY_DETECTOR,
        Part.GUARD: _GUARD + _acting(config),
        Part.SWEEP: _SWEEP,
        Part.ADVISORY_SYNC: _ADVISORY_SYNC + _advisory_source(config),
    }
    return own[part] + _EVERY_PART


def _advisory_source(config: WardenConfig) -> tuple[Grant, ...]:
    """Reading the mirror of the advisories, where they come from S3 and not from the web."""
    scheme, _, rest = config.advisories.location.partition("://")
    if scheme != "s3":
        return ()
    bucket, _, prefix = rest.partition("/")  # no bucket stands for Warden's own
    place = f"arn:{{partition}}:s3:::{_literal(bucket)}" if bucket else "{bucket}"
    objects = f"{_literal(prefix)}/*" if prefix else "*"
    return (
        Grant(
            "ReadAdvisorySource",
            ("s3:GetObject",),
            (f"{place}/{objects}",),
            "Read the advisories that `advisories.location` names.",
            wildcard="One export for each ecosystem; the prefix is fixed.",
        ),
    )


def _literal(text: str) -> str:
    """Text for an ARN template in which braces stand for themselves."""
    return text.replace("{", "{{").replace("}", "}}")


def _acting(config: WardenConfig) -> tuple[Grant, ...]:
    """What changes functions: never Warden's own or exempt ones, and restoring in every mode."""
    policy = config.guard
    allowed = _RESTORE if policy.acts or policy.keep_restore_permission else ()
    limiting = _LIMIT if policy.acts else ()
    exempt = map(_literal, config.exempt_functions)
    never = Grant(
        "NeverTouchTheseFunctions",
        ("lambda:DeleteFunctionConcurrency", "lambda:PutFunctionConcurrency"),
        tuple(
            f"arn:{{partition}}:lambda:*:{{account}}:function:{name}"
            for name in ("{prefix}-*", *exempt)
        ),
        "Warden's own functions and the exempt ones are never acted on, even if another policy "
        "were attached to this role.",
        wildcard="Forbids every name with the prefix, in every region.",
        denied=True,
    )
    return (*allowed, *limiting, never)
