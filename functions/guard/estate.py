"""The functions of the estate, as far as reviews need them."""

from collections.abc import Iterator
from dataclasses import dataclass

from functions.shared.core.arn import FunctionArn
from functions.shared.runtime.deployment import Deployment


@dataclass(frozen=True, slots=True)
class Listed:
    """A function as the listing shows it.

    Attributes:
        function: The function.
        memory_mib: Its memory, which sets the price of a second.
        architecture: `arm64` or `x86_64`.
    """

    function: FunctionArn
    memory_mib: int
    architecture: str


def list_functions(warden: Deployment) -> Iterator[Listed]:
    """All functions of the region."""
    for page in warden.aws.functions.get_paginator("list_functions").paginate():
        for one in page["Functions"]:
            architectures = one.get("Architectures", ["x86_64"])
            yield Listed(
                FunctionArn.parse(one["FunctionArn"]),
                one.get("MemorySize", 128),
                str(architectures[0]),
            )


def guard_function(warden: Deployment) -> FunctionArn:
    """The guard itself: what concerns the whole estate is told about it."""
    return warden.own_function("guard")
