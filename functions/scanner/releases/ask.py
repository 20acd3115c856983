"""What Lambda says of a function's versions and aliases."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, TypeVar

from functions.scanner.releases.release import Alias
from functions.shared.aws.clients import ask
from functions.shared.core.arn import FunctionArn, qualifier_of
from functions.shared.core.reading import Known, Reading, Unknown

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient

T = TypeVar("T")

_KEEP_SECONDS: Final = 300.0


def aliases(client: "LambdaClient", arn: FunctionArn) -> Reading[tuple[Alias, ...]]:
    """All aliases of a function; ask only about functions that exist."""

    def read() -> tuple[Alias, ...]:
        pages = client.get_paginator("list_aliases").paginate(FunctionName=arn.name)
        return tuple(
            Alias(
                name=one.get("Name", ""),
                version=one.get("FunctionVersion", ""),
                weights=tuple(
                    sorted(
                        (one.get("RoutingConfig") or {}).get("AdditionalVersionWeights", {}).items()
                    )
                ),
                revision=one.get("RevisionId", ""),
            )
            for page in pages
            for one in page["Aliases"]
        )

    return _or_none(ask("listing the aliases", read))


def provisioned(client: "LambdaClient", arn: FunctionArn) -> Reading[tuple[str, ...]]:
    """The versions and aliases with provisioned concurrency."""

    def read() -> tuple[str, ...]:
        pages = client.get_paginator("list_provisioned_concurrency_configs").paginate(
            FunctionName=str(arn)
        )
        return tuple(
            qualifier_of(one.get("FunctionArn", ""))
            for page in pages
            for one in page.get("ProvisionedConcurrencyConfigs", [])
        )

    return _or_none(ask("listing the provisioned concurrency", read))


class EventSources:
    """Which versions and aliases event sources invoke.

    Mappings are listed for the region at once and kept for some minutes: asked by a function's
    name, Lambda leaves out those of its versions and aliases.

    Args:
        client: Lambda.
        clock: Seconds that only ever grow; tells when an answer is too old.
    """

    def __init__(self, client: "LambdaClient", clock: Callable[[], float] = time.monotonic) -> None:
        self._client = client
        self._clock = clock
        self._known: tuple[float, dict[FunctionArn, tuple[str, ...]]] = (float("-inf"), {})

    def of(self, function: FunctionArn, *, fresh: bool = False) -> Reading[tuple[str, ...]]:
        """The versions and aliases of a function that event sources invoke.

        Args:
            function: The function.
            fresh: Whether a mapping was changed just now, so that what is kept may be out of date.
        """

        def read() -> tuple[str, ...]:
            at, found = self._known
            if fresh or self._clock() - at > _KEEP_SECONDS:
                at, found = self._clock(), self._list()
                self._known = (at, found)
            return found.get(function, ())

        return _or_none(ask("listing the event sources", read))

    def _list(self) -> dict[FunctionArn, tuple[str, ...]]:
        found: dict[FunctionArn, dict[str, None]] = {}
        for page in self._client.get_paginator("list_event_source_mappings").paginate():
            for one in page["EventSourceMappings"]:
                arn = one.get("FunctionArn", "")
                if qualifier := qualifier_of(arn):
                    found.setdefault(FunctionArn.parse(arn), {})[qualifier] = None
        return {function: tuple(qualifiers) for function, qualifiers in found.items()}


def _or_none(answer: Reading[tuple[T, ...]]) -> Reading[tuple[T, ...]]:
    """That something is missing means that there is none of it."""
    return Known(()) if isinstance(answer, Unknown) and answer.missing else answer
