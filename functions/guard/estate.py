"""The functions of the estate, as far as reviews need them."""

from collections.abc import Iterator
from itertools import chain

from functions.shared.aws import listing
from functions.shared.aws.listing import Listed
from functions.shared.core.arn import FunctionArn
from functions.shared.runtime.deployment import Deployment


def list_functions(warden: Deployment) -> Iterator[Listed]:
    """All functions of the region, without their tags."""
    return chain.from_iterable(listing.list_functions(warden.aws.lambda_))


def guard_function(warden: Deployment) -> FunctionArn:
    """The guard itself: what concerns the whole estate is told about it."""
    return warden.own_function("guard")
