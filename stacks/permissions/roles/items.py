"""Which items of the state table each part writes: everything else is forbidden to it.

A part may read what others wrote. DynamoDB tests a write by the partition keys that it names, those
within a transaction or a batch, too (DynamoDB developer guide, "Using IAM policy conditions for
fine-grained access control"). What is about one function stands in one partition, whichever part
found it out; the guard's ledger and audit trail stand apart from that.
"""

from collections.abc import Mapping
from typing import Final

from stacks.part import Part
from stacks.permissions.grant import Grant

_FUNCTIONS: Final = "FUNCTION#*"
_OWN_USE: Final = "OWN_USE"

WRITTEN_BY: Final[Mapping[Part, tuple[str, ...]]] = {
    Part.SCANNER: (_FUNCTIONS, "ARTIFACT#*", "SOURCE#*", "ROLE#*"),
    Part.TAG_ENFORCER: (_FUNCTIONS, "POLICY", _OWN_USE),
    Part.ANOMALY_DETECTOR: (_FUNCTIONS, "DETECTOR", "FLOWS", "GAPS", "SUSPECTS", _OWN_USE),
    Part.GUARD: (
        _FUNCTIONS,
        "AUDIT#*",
        "CAPS",
        "CAP_SLOTS",
        "GUARD",
        "LIMITS",
        "RUNAWAYS",
        _OWN_USE,
    ),
    Part.SENSOR_WATCH: (_FUNCTIONS,),
    Part.LOG_WATCH: (_FUNCTIONS, "LOGS"),
    Part.SWEEP: (_FUNCTIONS, "OWN_CONCURRENCY"),
    Part.ADVISORY_SYNC: (_FUNCTIONS,),
    Part.NOTIFIER: (
        _FUNCTIONS,
        "DIGESTS",
        "INCIDENTS",
        "NOTIFIER",
        "OUTBOX",
        "SILENCES",
        "WAIVERS",
        _OWN_USE,
    ),
}
"""Partition keys, `*` for any end. The reporter writes nothing."""


def own_items_only(part: Part) -> tuple[Grant, ...]:
    """Forbids a part to write what others keep, whatever else allows it."""
    if part not in WRITTEN_BY:
        return ()
    return (
        Grant(
            "OwnItemsOnly",
            ("dynamodb:DeleteItem", "dynamodb:PutItem", "dynamodb:UpdateItem"),
            ("{table}",),
            "Never write an item that another part keeps: the part that reads hostile archives "
            "cannot write the guard's ledger.",
            conditions={
                "ForAnyValue:StringNotLike": {"dynamodb:LeadingKeys": list(WRITTEN_BY[part])}
            },
            denied=True,
        ),
    )
