"""The permission table: every action of every function, and why it is needed.

Actions and the resources they can be narrowed to follow the Service Authorization Reference of
each service. docs/permissions.md is made from this file by `python -m stacks.permissions.page`.
"""

from typing import Final

from functions.shared.config import QuarantineReason, WardenConfig
from functions.shared.events.envelope import WARDEN_SOURCE
from stacks.part import Part
from stacks.permissions.grant import Grant

_FUNCTIONS: Final = "arn:{partition}:lambda:{region}:{account}:function:*"
_EVERY_FUNCTION: Final = (
    "The functions of the estate are not known beforehand; account and region are fixed."
)
_NO_RESOURCES: Final = "The service authorizes these actions for all resources or none."

_WRITE_OWN_LOG: Final = Grant(
    "WriteOwnLog",
    ("logs:CreateLogStream", "logs:PutLogEvents"),
    ("{log_group}",),
    "Write its own log; the log group itself is made by the stack.",
)
_SEND_TRACES: Final = Grant(
    "SendTraces",
    ("xray:PutTelemetryRecords", "xray:PutTraceSegments"),
    ("*",),
    "Be traced.",
    wildcard=_NO_RESOURCES,
)
_HAVE_TOLD: Final = Grant(
    "NudgeNotifier",
    ("sqs:SendMessage",),
    ("{notifier_queue}",),
    "Make the notifier look at the news it wrote down.",
)
_KEEP_EVIDENCE: Final = Grant(
    "KeepEvidence",
    ("s3:PutObject",),
    ("{bucket}/evidence/*",),
    "Store the evidence of an alert that is too long for a message.",
    wildcard="One object for each such alert; the prefix is fixed.",
)
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
    "Remember which alerts are open, and which of them are news.",
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
    _KEEP_EVIDENCE,
    _HAVE_TOLD,
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
    _KEEP_EVIDENCE,
    _HAVE_TOLD,
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
        ("xray:GetServiceGraph", "xray:GetTraceSummaries"),
        ("*",),
        "Find the functions whose traces end in faults, and who calls whom.",
        wildcard=_NO_RESOURCES,
    ),
    Grant(
        "ReadLimits",
        ("lambda:GetFunctionConcurrency", "lambda:GetFunctionConfiguration"),
        (_FUNCTIONS,),
        "Know a function's timeout, memory and reserved concurrency. "
        "GetFunctionConfiguration gives no code.",
        wildcard=_EVERY_FUNCTION,
    ),
    Grant(
        "ReadSources",
        ("lambda:GetPolicy", "lambda:ListFunctionUrlConfigs"),
        (_FUNCTIONS,),
        "Know who may call a function: its resource policy and its URLs.",
        wildcard=_EVERY_FUNCTION,
    ),
    Grant(
        "ListSources",
        ("events:ListRuleNamesByTarget", "lambda:ListEventSourceMappings"),
        ("*",),
        "Know what calls a function: event source mappings, and rules that have it as a target.",
        wildcard=_NO_RESOURCES,
    ),
    Grant(
        "ReadAccountLimits",
        ("lambda:GetAccountSettings",),
        ("*",),
        "Know the account's concurrency, and how much of it is unreserved.",
        wildcard=_NO_RESOURCES,
    ),
    Grant(
        "KeepWhatItKnows",
        ("s3:GetObject", "s3:PutObject"),
        ("{bucket}/detector/*",),
        "Keep the list of active functions and the state of their detectors between looks.",
        wildcard="One object for each group of functions; the prefix is fixed.",
    ),
    Grant(
        "KeepPictures",
        ("s3:PutObject",),
        ("{bucket}/pictures/*",),
        "Keep the picture of an incident, which its alert links to.",
        wildcard="One object for each incident; the prefix is fixed.",
    ),
    Grant(
        "ListWhatItKnows",
        ("s3:ListBucket",),
        ("{bucket}",),
        "Learn that an object is missing (404), which S3 tells only those who may list.",
    ),
    Grant(
        "ReadRecordsInBulk",
        ("dynamodb:BatchGetItem",),
        ("{table}",),
        "Read what is known of a hundred functions with one call.",
    ),
    _KEEP_RECORDS,
    _KEEP_ALERTS,
    _KEEP_EVIDENCE,
    _HAVE_TOLD,
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
_ASK_TO_STOP: Final = Grant(
    "AskTheGuard",
    ("sqs:SendMessage",),
    ("{guard_queue}",),
    "Ask the guard to stop a function for a reason that policy names; the guard decides.",
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
    _KEEP_EVIDENCE,
    _HAVE_TOLD,
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

_LIST_FUNCTIONS: Final = Grant(
    "ListFunctions",
    ("lambda:ListFunctions",),
    ("*",),
    "List the estate.",
    wildcard=_NO_RESOURCES,
)
_READ_TAGS_IN_BULK: Final = Grant(
    "ReadTagsInBulk",
    ("tag:GetResources",),
    ("*",),
    "Read the tags of a hundred functions with one call.",
    wildcard=_NO_RESOURCES,
)

_SWEEP: Final = (
    _LIST_FUNCTIONS,
    _READ_TAGS_IN_BULK,
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
    _KEEP_EVIDENCE,
    _HAVE_TOLD,
    _ANNOUNCE,
    _LOSE_NO_CALL,
)

_NOTIFIER: Final = (
    Grant(
        "ReadAgenda",
        ("dynamodb:Query",),
        ("{table}/index/agenda",),
        "Find the alerts that somebody is to be told of.",
    ),
    Grant(
        "KeepHandling",
        (
            "dynamodb:BatchGetItem",
            "dynamodb:DeleteItem",
            "dynamodb:GetItem",
            "dynamodb:PutItem",
            "dynamodb:Query",
            "dynamodb:UpdateItem",
        ),
        ("{table}",),
        "Read alerts, waivers and silences; remember who was told what; keep messages until they "
        "are sent.",
    ),
    Grant("TellPeople", ("sns:Publish",), ("{topics}",), "Tell people."),
    Grant("TellMachines", ("events:PutEvents",), ("{bus}",), "Send each alert as an event."),
    Grant(
        "LinkPictures",
        ("s3:GetObject",),
        ("{bucket}/pictures/*",),
        "Sign links to the pictures of incidents: a link may do what its signer may.",
        wildcard="One object for each picture; the prefix is fixed.",
    ),
    Grant(
        "ReadWaiverFiles",
        ("s3:GetObject",),
        ("{bucket}/waivers/*",),
        "Take over the waivers that teams keep in files.",
        wildcard="Teams name their files; the prefix is fixed.",
    ),
    Grant(
        "ListWaiverFiles",
        ("s3:ListBucket",),
        ("{bucket}",),
        "Find waiver files whose event was lost; learn that one is gone (404), which S3 tells "
        "only those who may list.",
    ),
    _KEEP_EVIDENCE,
    _HAVE_TOLD,
    _CONSUME,
    _BURY,
)

_OWN_COST: Final = (
    Grant(
        "ListOwnResources",
        ("cloudformation:ListStackResources",),
        ("arn:{partition}:cloudformation:{region}:{account}:stack/{stack}/*",),
        "Know what Warden consists of, to say what it costs.",
        wildcard="The end of a stack's ARN is made up when it is created; its name is fixed.",
    ),
    Grant(
        "ReadOwnUse",
        ("cloudwatch:GetMetricData",),
        ("*",),
        "Read how much of what it pays for Warden used.",
        wildcard=_NO_RESOURCES,
    ),
    Grant(
        "ReadOwnSizes",
        ("lambda:GetFunctionConfiguration",),
        ("arn:{partition}:lambda:{region}:{account}:function:{prefix}-*",),
        "Know the memory of Warden's own functions, which their price depends on.",
        wildcard="Warden's own functions, by their prefix.",
    ),
)

_REPORTER: Final = (
    _LIST_FUNCTIONS,
    _READ_TAGS_IN_BULK,
    Grant(
        "ReadWhatIsKnown",
        ("dynamodb:BatchGetItem", "dynamodb:Query"),
        ("{table}", "{table}/index/agenda"),
        "Read alerts, waivers, silences and what was done.",
    ),
    Grant(
        "ReadInventoriesAndPictures",
        ("s3:GetObject",),
        ("{bucket}/inventories/*", "{bucket}/pictures/*"),
        "Read what deployed code contains, and the pictures of incidents.",
        wildcard="One object for each artefact and picture; the prefixes are fixed.",
    ),
    Grant("ListInventories", ("s3:ListBucket",), ("{bucket}",), "List the stored inventories."),
    Grant(
        "WriteReports",
        ("s3:PutObject",),
        ("{bucket}/reports/*",),
        "Store the report.",
        wildcard="One object for each day; the prefix is fixed.",
    ),
    *_OWN_COST,
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
        Part.SCANNER: _SCANNER + _asking_to_stop(config, QuarantineReason.KNOWN_EXPLOITED),
        Part.TAG_ENFORCER: _TAG_ENFORCER + _asking_to_stop(config, QuarantineReason.LIFECYCLE),
        Part.ANOMALY_DETECTOR: _ANOMALY_DETECTOR,
        Part.GUARD: _GUARD + _acting(config),
        Part.SWEEP: _SWEEP,
        Part.ADVISORY_SYNC: _ADVISORY_SYNC + _advisory_source(config) + _catalogue_source(config),
        Part.NOTIFIER: _NOTIFIER + _OWN_COST + _security_hub(config),
        Part.REPORTER: _REPORTER,
    }
    traces = (_SEND_TRACES,) if part.is_traced(config) else ()
    return (*own[part], _WRITE_OWN_LOG, *traces)


def _asking_to_stop(config: WardenConfig, reason: QuarantineReason) -> tuple[Grant, ...]:
    """Writing to the guard's queue, where policy names the reason."""
    return (_ASK_TO_STOP,) if reason in config.guard.quarantine.reasons else ()


def _security_hub(config: WardenConfig) -> tuple[Grant, ...]:
    """Reporting to Security Hub, where the settings want it."""
    if not config.notifications.security_hub:
        return ()
    return (
        Grant(
            "ReportToSecurityHub",
            ("securityhub:BatchImportFindings",),
            ("arn:{partition}:securityhub:{region}:{account}:product/{account}/default",),
            "Report findings, and that they are over.",
        ),
        Grant(
            "SettleInSecurityHub",
            ("securityhub:BatchUpdateFindings",),
            ("arn:{partition}:securityhub:{region}:{account}:hub/default",),
            "Mark its own findings there as resolved or suppressed.",
        ),
    )


def _in_s3(location: str) -> tuple[str, str] | None:
    """ARN of the bucket and path in it, both for a pattern; None for a place that is not in S3."""
    scheme, _, rest = location.partition("://")
    if scheme != "s3":
        return None
    bucket, _, path = rest.partition("/")  # no bucket stands for Warden's own
    place = f"arn:{{partition}}:s3:::{_literal(bucket)}" if bucket else "{bucket}"
    return place, _literal(path)


def _advisory_source(config: WardenConfig) -> tuple[Grant, ...]:
    """Reading the mirror of the advisories, where they come from S3 and not from the web."""
    if (found := _in_s3(config.advisories.location)) is None:
        return ()
    place, prefix = found
    objects = f"{prefix}/*" if prefix else "*"
    return (
        Grant(
            "ReadAdvisorySource",
            ("s3:GetObject",),
            (f"{place}/{objects}",),
            "Read the advisories that `advisories.location` names.",
            wildcard="One export for each ecosystem; the prefix is fixed.",
        ),
    )


def _catalogue_source(config: WardenConfig) -> tuple[Grant, ...]:
    """Reading a mirror of the catalogue of exploited flaws, where it lies in S3."""
    if (found := _in_s3(config.advisories.known_exploited)) is None:
        return ()
    place, key = found
    return (
        Grant(
            "ReadKnownExploited",
            ("s3:GetObject",),
            (f"{place}/{key}",),
            "Read the catalogue that `advisories.known_exploited` names.",
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
