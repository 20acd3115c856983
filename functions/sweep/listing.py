"""Listing the estate: functions page by page, tags in bulk."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from functions.shared.arn import FunctionArn
from functions.shared.aws import ask
from functions.shared.observability import logger
from functions.shared.reading import Reading, Unknown
from functions.sweep.decide import Listed

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_resourcegroupstaggingapi import ResourceGroupsTaggingAPIClient


def list_functions(
    client: "LambdaClient", tagging: "ResourceGroupsTaggingAPIClient"
) -> Iterator[list[Listed]]:
    """All functions of the region, a page at a time."""
    tags = _all_tags(tagging)
    if isinstance(tags, Unknown):
        logger.warning("tags not listed", extra={"cause": tags.cause})
    for page in client.get_paginator("list_functions").paginate():
        yield [
            Listed(
                function=FunctionArn.parse(configuration["FunctionArn"]),
                revision=configuration.get("RevisionId", ""),
                code_sha256=configuration.get("CodeSha256", ""),
                tags=_tags_of(configuration["FunctionArn"], tags),
            )
            for configuration in page["Functions"]
        ]


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
