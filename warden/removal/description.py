"""Everything that a function is, as Lambda says it: what is archived and put back."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from functions.shared.aws.clients import Aws, ClientError, error_code
from functions.shared.core.arn import FunctionArn

LATEST: Final = "$LATEST"
_MISSING: Final = frozenset(
    {"ResourceNotFoundException", "ProvisionedConcurrencyConfigNotFoundException"}
)
# What Lambda itself makes anew at each change, or says of the moment; no part of what it is.
_OF_THE_MOMENT: Final = frozenset(
    {
        "CodeSize",
        "FunctionArn",
        "LastModified",
        "LastUpdateStatus",
        "LastUpdateStatusReason",
        "LastUpdateStatusReasonCode",
        "MasterArn",
        "RevisionId",
        "RuntimeVersionConfig",
        "SigningJobArn",
        "SigningProfileVersionArn",
        "State",
        "StateReason",
        "StateReasonCode",
        "Version",
    }
)


class UnreadableError(RuntimeError):
    """A part of a function could not be read: without it there is no archive."""


@dataclass(frozen=True, slots=True)
class Description:
    """A function as it is.

    Attributes:
        function: The function.
        document: All of it but its bytes, as JSON.
        code: Where the bytes of each code can be had for some minutes, by their digest.
        layers: The same for layers, by the ARN of the layer version.
        unread: What could not be read and is only named in the document.
    """

    function: FunctionArn
    document: Mapping[str, Any]
    code: Mapping[str, str]
    layers: Mapping[str, str] = field(default_factory=dict)
    unread: tuple[str, ...] = ()

    @property
    def identity(self) -> str:
        """The same text for the same function; a change of anything in it changes it."""
        return json.dumps(self.document, sort_keys=True)


def describe(aws: Aws, function: FunctionArn) -> Description | None:
    """Read a function whole; None where there is none.

    Raises:
        UnreadableError: Something about it may not be read.
        ClientError: AWS could not answer now.
    """
    client, name = aws.lambda_, str(function)
    answer = _or_none(lambda: client.get_function(FunctionName=name))
    if answer is None:
        return None
    aliases = list(_pages(client, "list_aliases", "Aliases", FunctionName=name))
    numbers = sorted(_versions_in_use(aliases, _provisioned(client, name)), key=int)
    code: dict[str, str] = {}
    versions: dict[str, Any] = {}
    for number in (*numbers, LATEST):
        one = client.get_function(FunctionName=name, Qualifier=number)
        configuration = one["Configuration"]
        versions[number] = _configuration(configuration)
        if location := one.get("Code", {}).get("Location", ""):
            code[configuration["CodeSha256"]] = location
        elif image := one.get("Code", {}).get("ImageUri", ""):
            versions[number]["ImageUri"] = image
    layers, unread = _layers(aws, versions)
    qualifiers = ("", *(alias["Name"] for alias in aliases), *numbers)
    document = {
        "versions": versions,
        "aliases": [_alias(alias) for alias in aliases],
        "tags": answer.get("Tags", {}),
        "policies": dict(_policies(client, name, qualifiers)),
        "urls": sorted(
            map(
                _url,
                _pages(
                    client, "list_function_url_configs", "FunctionUrlConfigs", FunctionName=name
                ),
            ),
            key=lambda url: str(url["Qualifier"]),
        ),
        "event_sources": sorted(
            map(
                _mapping,
                _pages(
                    client, "list_event_source_mappings", "EventSourceMappings", FunctionName=name
                ),
            ),
            key=json.dumps,
        ),
        "reserved_concurrency": client.get_function_concurrency(FunctionName=name).get(
            "ReservedConcurrentExecutions"
        ),
        "provisioned_concurrency": _provisioned(client, name),
        "invoke_configs": sorted(
            map(
                _invoke_config,
                _pages(
                    client,
                    "list_function_event_invoke_configs",
                    "FunctionEventInvokeConfigs",
                    FunctionName=name,
                ),
            ),
            key=lambda one: str(one["Qualifier"]),
        ),
        "log_retention_days": _log_retention(aws, answer["Configuration"], function),
    }
    return Description(
        function, json.loads(json.dumps(document, default=str)), code, layers, unread
    )


def _or_none(call: Callable[[], Any]) -> Any:
    try:
        return call()
    except ClientError as error:
        if error_code(error) in _MISSING:
            return None
        raise


def _pages(client: Any, operation: str, key: str, **arguments: str) -> Iterator[Any]:
    try:
        for page in client.get_paginator(operation).paginate(**arguments):
            yield from page[key]
    except ClientError as error:
        if error_code(error) in _MISSING:
            return
        if error_code(error).startswith("AccessDenied"):
            raise UnreadableError(f"{operation}: {error_code(error)}") from error
        raise


def _configuration(configuration: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in configuration.items() if key not in _OF_THE_MOMENT} | {
        "Layers": [layer["Arn"] for layer in configuration.get("Layers", [])]
    }


def _versions_in_use(aliases: list[Any], provisioned: list[Any]) -> set[str]:
    """The published versions that something points at: aliases, also by weight, and capacity."""
    used = {alias["FunctionVersion"] for alias in aliases}
    for alias in aliases:
        used |= set((alias.get("RoutingConfig") or {}).get("AdditionalVersionWeights", {}))
    used |= {one["Qualifier"] for one in provisioned if one["Qualifier"].isdigit()}
    return used - {LATEST}


def _alias(alias: Mapping[str, Any]) -> dict[str, Any]:
    weights = (alias.get("RoutingConfig") or {}).get("AdditionalVersionWeights", {})
    return {
        "Name": alias["Name"],
        "FunctionVersion": alias["FunctionVersion"],
        "Description": alias.get("Description", ""),
        "Weights": dict(weights),
    }


def _policies(
    client: Any, name: str, qualifiers: tuple[str, ...]
) -> Iterator[tuple[str, list[Any]]]:
    for qualifier in qualifiers:
        of = {"Qualifier": qualifier} if qualifier else {}
        answer = _or_none(lambda of=of: client.get_policy(FunctionName=name, **of))  # type: ignore[misc]
        if answer:
            statements = json.loads(answer["Policy"]).get("Statement", [])
            yield qualifier, sorted(statements, key=lambda one: str(one.get("Sid", "")))


def _qualifier(arn: str) -> str:
    """The version or alias that an ARN ends in; empty for the function itself."""
    return arn.split(":")[7] if arn.count(":") >= 7 else ""


def _url(config: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "Qualifier": _qualifier(config["FunctionArn"]),
        "AuthType": config["AuthType"],
        "InvokeMode": config.get("InvokeMode", "BUFFERED"),
        "Cors": config.get("Cors") or {},
    }


_MAPPING: Final = (
    "AmazonManagedKafkaEventSourceConfig",
    "BatchSize",
    "BisectBatchOnFunctionError",
    "DestinationConfig",
    "DocumentDBEventSourceConfig",
    "EventSourceArn",
    "FilterCriteria",
    "FunctionResponseTypes",
    "KMSKeyArn",
    "MaximumBatchingWindowInSeconds",
    "MaximumRecordAgeInSeconds",
    "MaximumRetryAttempts",
    "MetricsConfig",
    "ParallelizationFactor",
    "ProvisionedPollerConfig",
    "Queues",
    "ScalingConfig",
    "SelfManagedEventSource",
    "SelfManagedKafkaEventSourceConfig",
    "SourceAccessConfigurations",
    "StartingPosition",
    "StartingPositionTimestamp",
    "Topics",
    "TumblingWindowInSeconds",
)
"""What CreateEventSourceMapping takes; source: its model in botocore 1.43.106."""


def _mapping(mapping: Mapping[str, Any]) -> dict[str, Any]:
    kept = {key: mapping[key] for key in _MAPPING if mapping.get(key) not in (None, [], {}, "")}
    enabled = mapping.get("State") not in {"Disabled", "Disabling"}
    return kept | {"Enabled": enabled, "Qualifier": _qualifier(mapping.get("FunctionArn", ""))}


def _provisioned(client: Any, name: str) -> list[dict[str, Any]]:
    found = _pages(
        client, "list_provisioned_concurrency_configs", "ProvisionedConcurrencyConfigs",
        FunctionName=name,
    )  # fmt: skip
    return [
        {
            "Qualifier": _qualifier(one["FunctionArn"]),
            "Executions": one["RequestedProvisionedConcurrentExecutions"],
        }
        for one in found
    ]


def _invoke_config(config: Mapping[str, Any]) -> dict[str, Any]:
    kept = ("MaximumRetryAttempts", "MaximumEventAgeInSeconds", "DestinationConfig")
    return {key: config[key] for key in kept if config.get(key) is not None} | {
        "Qualifier": _qualifier(config["FunctionArn"]).replace(LATEST, "")
    }


def _layers(aws: Aws, versions: Mapping[str, Any]) -> tuple[dict[str, str], tuple[str, ...]]:
    """Where the contents of layers can be had; those of others may be kept by reference only."""
    found: dict[str, str] = {}
    unread: list[str] = []
    for arn in sorted({arn for one in versions.values() for arn in one["Layers"]}):
        try:
            found[arn] = aws.lambda_.get_layer_version_by_arn(Arn=arn)["Content"]["Location"]
        except ClientError as error:
            unread.append(f"contents of layer {arn}: {error_code(error)}; kept by reference")
    return found, tuple(unread)


def _log_retention(aws: Aws, configuration: Mapping[str, Any], function: FunctionArn) -> int | None:
    group = configuration.get("LoggingConfig", {}).get("LogGroup") or f"/aws/lambda/{function.name}"
    groups = aws.logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"]
    return next(
        (one.get("retentionInDays") for one in groups if one["logGroupName"] == group), None
    )
