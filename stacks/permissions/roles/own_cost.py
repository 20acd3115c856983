"""Reading what Warden itself costs, which the notifier and the reporter say."""

from typing import Final

from stacks.permissions.grant import Grant
from stacks.permissions.roles.shared import NO_RESOURCES

OWN_COST: Final = (
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
        wildcard=NO_RESOURCES,
    ),
    Grant(
        "ReadOwnSizes",
        ("lambda:GetFunctionConfiguration",),
        ("arn:{partition}:lambda:{region}:{account}:function:{prefix}-*",),
        "Know the memory of Warden's own functions, which their price depends on.",
        wildcard="Warden's own functions, by their prefix.",
    ),
)
