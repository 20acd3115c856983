"""Listing the estate: functions page by page, tags in bulk."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from functions.shared.aws.clients import ask
from functions.shared.aws.observability import logger
from functions.shared.core.arn import FunctionArn
from functions.shared.core.reading import Reading, Unknown

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_lambda.type_defs import FunctionConfigurationTypeDef
    from mypy_boto3_resourcegroupstaggingapi import ResourceGroupsTaggingAPIClient


@dataclass(frozen=True, slots=True)
class Listed:
    """A function as the listing of the whole estate shows it.

    Attributes:
        function: The function.
        revision: Identity of its configuration.
        code_sha256: Identity of its code.
        tags: Its tags; None when they could not be listed.
        runtime: Its runtime, empty for a container image.
        package_type: `Zip` or `Image`.
        architecture: `arm64` or `x86_64`.
        memory_mib: Its memory.
        timeout_seconds: Its longest run.
        code_bytes: Size of its package.
        layers: How many layers it has.
        modified: When it was last changed, as Lambda writes it.
    """

    function: FunctionArn
    revision: str = ""
    code_sha256: str = ""
    tags: Mapping[str, str] | None = None
    runtime: str = ""
    package_type: str = "Zip"
    architecture: str = "x86_64"
    memory_mib: int = 128
    timeout_seconds: int = 3
    code_bytes: int = 0
    layers: int = 0
    modified: str = ""


def list_functions(
    client: "LambdaClient", tagging: "ResourceGroupsTaggingAPIClient | None" = None
) -> Iterator[list[Listed]]:
    """All functions of the region, a page at a time; with tags where those can be asked for."""
    tags = _all_tags(tagging) if tagging else Unknown("not asked for")
    if tagging and isinstance(tags, Unknown):
        logger.warning("tags not listed", extra={"cause": tags.cause})
    for page in client.get_paginator("list_functions").paginate():
        yield [_listed(configuration, tags) for configuration in page["Functions"]]


def _listed(
    configuration: "FunctionConfigurationTypeDef", tags: Reading[dict[str, dict[str, str]]]
) -> Listed:
    return Listed(
        function=FunctionArn.parse(configuration["FunctionArn"]),
        revision=configuration.get("RevisionId", ""),
        code_sha256=configuration.get("CodeSha256", ""),
        tags=_tags_of(configuration["FunctionArn"], tags),
        runtime=configuration.get("Runtime", ""),
        package_type=configuration.get("PackageType", "Zip"),
        architecture=next(iter(configuration.get("Architectures", [])), "x86_64"),
        memory_mib=configuration.get("MemorySize", 128),
        timeout_seconds=configuration.get("Timeout", 3),
        code_bytes=configuration.get("CodeSize", 0),
        layers=len(configuration.get("Layers", [])),
        modified=configuration.get("LastModified", ""),
    )


def _tags_of(arn: str, tags: Reading[dict[str, dict[str, str]]]) -> Mapping[str, str] | None:
    # The tagging API lists only what has, or had, tags: absence here means "none".
    return None if isinstance(tags, Unknown) else tags.value.get(arn, {})


def _all_tags(client: "ResourceGroupsTaggingAPIClient") -> Reading[dict[str, dict[str, str]]]:
    def read() -> dict[str, dict[str, str]]:
        pages = client.get_paginator("get_resources").paginate(
            ResourceTypeFilters=["lambda:function"]
        )
        return {
            mapping["ResourceARN"]: {tag["Key"]: tag["Value"] for tag in mapping.get("Tags", [])}
            for page in pages
            for mapping in page["ResourceTagMappingList"]
        }

    return ask("listing the tags", read)
