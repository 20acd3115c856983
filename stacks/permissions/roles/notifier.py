"""The notifier tells people and machines of alerts."""

from typing import Final

from functions.shared.config import WardenConfig
from stacks.permissions.grant import Grant
from stacks.permissions.roles.own_cost import OWN_COST
from stacks.permissions.roles.shared import BURY, CONSUME, HAVE_TOLD, KEEP_EVIDENCE

_ALWAYS: Final = (
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
    KEEP_EVIDENCE,
    HAVE_TOLD,
    CONSUME,
    BURY,
)


_ENCRYPT: Final = Grant(
    "EncryptForPeople",
    ("kms:Decrypt", "kms:GenerateDataKey"),
    ("{topic_key}",),
    "Have SNS encrypt what it publishes: SNS asks for the key in the publisher's name.",
    conditions={"StringLike": {"kms:ViaService": "sns.*"}},
)


def grants(config: WardenConfig) -> tuple[Grant, ...]:
    """What it may do, also in Security Hub where the settings want that."""
    key = () if config.topic_key == "none" else (_ENCRYPT,)
    return _ALWAYS + key + OWN_COST + _security_hub(config)


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
