"""The anomaly-detector reads metrics and traces, and asks the guard to act."""

from typing import Final

from functions.shared.config import WardenConfig
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
)

_ALWAYS: Final = (
    Grant(
        "ReadMetrics",
        ("cloudwatch:GetMetricData", "cloudwatch:ListMetrics"),
        ("*",),
        "Find the functions that were active, and read their metrics.",
        wildcard=NO_RESOURCES,
    ),
    Grant(
        "ReadTraces",
        ("xray:GetServiceGraph", "xray:GetTraceSummaries"),
        ("*",),
        "Find the functions whose traces end in faults, and who calls whom.",
        wildcard=NO_RESOURCES,
    ),
    Grant(
        "ReadLimits",
        (
            "lambda:GetFunctionConcurrency",
            "lambda:GetFunctionConfiguration",
            "lambda:ListTags",
        ),
        (FUNCTIONS,),
        "Know a function's timeout, memory and reserved concurrency. "
        "GetFunctionConfiguration gives no code.",
        wildcard=EVERY_FUNCTION,
    ),
    Grant(
        "ReadSources",
        ("lambda:GetPolicy", "lambda:ListFunctionUrlConfigs"),
        (FUNCTIONS,),
        "Know who may call a function: its resource policy and its URLs.",
        wildcard=EVERY_FUNCTION,
    ),
    Grant(
        "ListSources",
        ("events:ListRuleNamesByTarget", "lambda:ListEventSourceMappings"),
        ("*",),
        "Know what calls a function: event source mappings, and rules that have it as a target.",
        wildcard=NO_RESOURCES,
    ),
    Grant(
        "ReadAccountLimits",
        ("lambda:GetAccountSettings",),
        ("*",),
        "Know the account's concurrency, and how much of it is unreserved.",
        wildcard=NO_RESOURCES,
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
        "Hand parts of one tick to further invocations.",
    ),
    Grant(
        "AskTheGuard",
        ("sqs:SendMessage",),
        ("{guard_queue}",),
        "Tell the guard of a confirmed runaway; the guard decides.",
    ),
    BURY,
)


def grants(_: WardenConfig) -> tuple[Grant, ...]:
    """What it may do, the same whatever the settings."""
    return _ALWAYS
