"""What the roles of several functions hold, and why a resource cannot be narrower."""

from typing import Final

from functions.shared.config import QuarantineReason, WardenConfig
from stacks.permissions.grant import Grant

FUNCTIONS: Final = "arn:{partition}:lambda:{region}:{account}:function:*"
EVERY_FUNCTION: Final = (
    "The functions of the estate are not known beforehand; account and region are fixed."
)
NO_RESOURCES: Final = "The service authorizes these actions for all resources or none."

WRITE_OWN_LOG: Final = Grant(
    "WriteOwnLog",
    ("logs:CreateLogStream", "logs:PutLogEvents"),
    ("{log_group}",),
    "Write its own log; the log group itself is made by the stack.",
)
SEND_TRACES: Final = Grant(
    "SendTraces",
    ("xray:PutTelemetryRecords", "xray:PutTraceSegments"),
    ("*",),
    "Be traced.",
    wildcard=NO_RESOURCES,
)
HAVE_TOLD: Final = Grant(
    "NudgeNotifier",
    ("sqs:SendMessage",),
    ("{notifier_queue}",),
    "Make the notifier look at the changes it wrote down.",
)
KEEP_EVIDENCE: Final = Grant(
    "KeepEvidence",
    ("s3:PutObject",),
    ("{bucket}/evidence/*",),
    "Store the evidence of an alert that is too long for a message.",
    wildcard="One object for each such alert; the prefix is fixed.",
)
CONSUME: Final = Grant(
    "ConsumeQueue",
    ("sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"),
    ("{queue}",),
    "Receive its messages: Lambda polls the queue in this role's name.",
)
SEE_WHETHER_IT_EXISTS: Final = Grant(
    "SeeWhetherAFunctionExists",
    ("lambda:ListTags",),
    (FUNCTIONS,),
    "Believe no lines about a function that does not exist: who subscribes a log, or invokes this "
    "function, says whose lines they are.",
    wildcard=EVERY_FUNCTION,
)
PROVE: Final = Grant(
    "ProveMessages",
    ("sqs:ChangeMessageVisibility",),
    ("{queue}",),
    "Have the queue vouch for each message: whoever may invoke the function could forge one.",
)
BURY: Final = Grant(
    "SetMessagesAside",
    ("sqs:SendMessage",),
    ("{dead_letters}",),
    "Put a message that cannot be handled, with its reason, into the dead-letter queue.",
)
LOSE_NO_CALL: Final = Grant(
    "KeepFailedCalls",
    ("sqs:SendMessage",),
    ("{dead_letters}",),
    "Keep an asynchronous call that failed for good: Lambda sends it in this role's name.",
)
KEEP_ALERTS: Final = Grant(
    "KeepAlerts",
    ("dynamodb:PutItem", "dynamodb:Query", "dynamodb:UpdateItem"),
    ("{table}",),
    "Remember which alerts are open, and which of them changed.",
)
KEEP_RECORDS: Final = Grant(
    "KeepRecords",
    ("dynamodb:GetItem", "dynamodb:UpdateItem"),
    ("{table}",),
    "Remember what is known of a function.",
)
TELL_OF_FUNCTIONS: Final = Grant(
    "TellOfFunctions",
    ("sqs:SendMessage",),
    ("{change_queues}",),
    "Have functions looked at by the parts that judge them; no bus that others write to is asked.",
)
LIST_FUNCTIONS: Final = Grant(
    "ListFunctions",
    ("lambda:ListFunctions",),
    ("*",),
    "List the estate.",
    wildcard=NO_RESOURCES,
)
READ_TAGS_IN_BULK: Final = Grant(
    "ReadTagsInBulk",
    ("tag:GetResources",),
    ("*",),
    "Read the tags of a hundred functions with one call.",
    wildcard=NO_RESOURCES,
)
ASK_TO_STOP: Final = Grant(
    "AskTheGuard",
    ("sqs:SendMessage",),
    ("{guard_queue}",),
    "Ask the guard to stop a function for a reason that policy names; the guard decides.",
)


def may_request_stop(config: WardenConfig, reason: QuarantineReason) -> tuple[Grant, ...]:
    """Writing to the guard's queue, where policy names the reason."""
    return (ASK_TO_STOP,) if reason in config.guard.quarantine.reasons else ()
