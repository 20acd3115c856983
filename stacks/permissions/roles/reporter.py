"""The reporter reads what is known of the estate, and writes one page."""

from typing import Final

from functions.shared.config import WardenConfig
from stacks.permissions.grant import Grant
from stacks.permissions.roles.own_cost import OWN_COST
from stacks.permissions.roles.shared import LIST_FUNCTIONS, LOSE_NO_CALL, READ_TAGS_IN_BULK

_ALWAYS: Final = (
    LIST_FUNCTIONS,
    READ_TAGS_IN_BULK,
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
    *OWN_COST,
    LOSE_NO_CALL,
)


def grants(_: WardenConfig) -> tuple[Grant, ...]:
    """What it may do, the same whatever the settings."""
    return _ALWAYS
