"""What Lambda says about a function: each answer on its own, so that one refusal hides no other."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from functions.scanner.facts import Configuration
from functions.shared.aws.clients import ask
from functions.shared.core.arn import FunctionArn
from functions.shared.core.reading import Known, Reading, Unknown
from functions.shared.core.text import plain

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_lambda.type_defs import GetFunctionResponseTypeDef


def function(
    client: "LambdaClient", arn: FunctionArn, version: str = ""
) -> tuple[Reading[Configuration], Reading[Mapping[str, str]]]:
    """The configuration, and the tags that the same call returns; of $LATEST, or a version."""
    where = {"Qualifier": version} if version else {}
    what = f"reading version {version}" if version else "reading the function"
    answer = ask(what, lambda: client.get_function(FunctionName=str(arn), **where))
    if isinstance(answer, Unknown):
        return answer, answer
    return Known(_configuration(answer.value)), _tags(answer.value)


def layer_location(client: "LambdaClient", arn: str) -> Reading[tuple[str, str, int]]:
    """Where a layer version can be downloaded, its content's digest, and its size in bytes."""
    layer, _, version = arn.rpartition(":")
    if not version.isdecimal():
        return Unknown(f"reading the layer {arn}: no version in its ARN")

    def read() -> tuple[str, str, int]:
        answer = client.get_layer_version(LayerName=layer, VersionNumber=int(version))
        content = answer["Content"]
        return (
            content.get("Location", ""),
            content.get("CodeSha256", ""),
            content.get("CodeSize", 0),
        )

    return ask(f"reading the layer {arn}", read)


def _configuration(answer: "GetFunctionResponseTypeDef") -> Configuration:
    configuration = answer["Configuration"]
    return Configuration(
        runtime=configuration.get("Runtime", ""),
        package_type=configuration.get("PackageType", "Zip"),
        code_sha256=configuration.get("CodeSha256", ""),
        code_size=configuration.get("CodeSize", 0),
        revision=configuration.get("RevisionId", ""),
        role=configuration.get("Role", ""),
        layers=tuple(layer.get("Arn", "") for layer in configuration.get("Layers", [])),
        tracing=configuration.get("TracingConfig", {}).get("Mode", ""),
        failure_target=configuration.get("DeadLetterConfig", {}).get("TargetArn", ""),
        code_error=_withheld(answer.get("Code", {})),
        mounts=tuple(
            f"{one.get('LocalMountPath', '')} ({one.get('Arn', '')})"
            for one in configuration.get("FileSystemConfigs", [])
        ),
        image=answer.get("Code", {}).get("ResolvedImageUri", "")
        or answer.get("Code", {}).get("ImageUri", ""),
        architecture=next(iter(configuration.get("Architectures", [])), "x86_64"),
        code_url=answer.get("Code", {}).get("Location", ""),
        variables=_variables(configuration),
    )


def _withheld(code: Mapping[str, Any]) -> str:
    """Why Lambda does not give code out, with where it stays and by what key it is encrypted."""
    error = code.get("Error") or {}
    if not error and (code.get("Location") or code.get("ImageUri") or code.get("ResolvedImageUri")):
        return ""
    said = [str(error[name]) for name in ("ErrorCode", "Message") if error.get(name)]
    parts = [": ".join(said) or "Lambda gives no place to download it from"]
    if stays := code.get("ResolvedS3Object"):
        place = f"s3://{stays.get('S3Bucket', '')}/{stays.get('S3Key', '')}"
        parts.append(f"the code stays in {place}")
    if key := code.get("SourceKMSKeyArn"):
        parts.append(f"it is encrypted with {key}")
    return plain("; ".join(parts), 600)


def _variables(configuration: Mapping[str, Any]) -> Reading[Mapping[str, str]]:
    environment = configuration.get("Environment") or {}
    if error := environment.get("Error"):
        return Unknown(f"decrypting the environment: {error.get('ErrorCode', 'no code given')}")
    return Known(environment.get("Variables") or {})


def _tags(answer: "GetFunctionResponseTypeDef") -> Reading[Mapping[str, str]]:
    error = cast("Mapping[str, Any]", answer).get("TagsError")
    if error:
        return Unknown(f"reading the tags: {error.get('ErrorCode', 'no code given')}")
    return Known(answer.get("Tags", {}))
