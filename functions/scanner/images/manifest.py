"""What an image consists of, as its manifest says. Pure.

Source: OCI image specification, "Image Manifest" and "Image Index"; Docker's image manifest version
2, schema 2, has the same fields.
"""

import json
import re
from dataclasses import dataclass
from typing import Any, Final

MEDIA_TYPES: Final = (
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
)
"""The kinds of manifests that are understood."""

_URI: Final = re.compile(
    r"(?P<account>\d{12})\.dkr[.-]ecr(?:-fips)?\.[\w.-]{1,100}/(?P<repository>[^@:]{1,256})"
    r"(?:@(?P<digest>sha256:[0-9a-f]{64})|:(?P<tag>[\w.-]{1,128}))?"
)
_DIGEST: Final = re.compile(r"sha256:[0-9a-f]{64}")
_ARCHITECTURES: Final = {"x86_64": "amd64", "arm64": "arm64"}
_MOST_LAYERS: Final = 127  # Docker's own limit


class ManifestError(ValueError):
    """The text is no manifest of an image; the message says what is wrong."""


@dataclass(frozen=True, slots=True)
class Reference:
    """An image in ECR.

    Attributes:
        account: The registry's account.
        repository: The repository's name.
        digest: Its digest; empty where only a tag is known.
        tag: Its tag, empty where there is none.
    """

    account: str
    repository: str
    digest: str = ""
    tag: str = ""


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer of an image.

    Attributes:
        digest: Digest of its blob, as it is stored.
        size: Size of its blob in bytes.
        compression: `gzip`, `zstd`, or empty for none.
        foreign: Whether it is kept elsewhere than in the registry.
    """

    digest: str
    size: int
    compression: str
    foreign: bool = False


@dataclass(frozen=True, slots=True)
class Manifest:
    """An image for one platform: its layers, the lowest first, and its configuration's digest."""

    layers: tuple[Layer, ...]
    config: str = ""


def read_reference(uri: str) -> Reference:
    """The image that a function's code names.

    Raises:
        ManifestError: It is not in ECR.
    """
    match = _URI.fullmatch(uri)
    if match is None:
        raise ManifestError("the image is not in ECR")
    return Reference(
        match["account"], match["repository"], match["digest"] or "", match["tag"] or ""
    )


def read_manifest(text: str, architecture: str) -> Manifest | str:
    """Read a manifest.

    Args:
        text: The manifest, in JSON.
        architecture: The function's, as Lambda spells it.

    Returns:
        The image; or for an index, the digest of the manifest for the function's platform.

    Raises:
        ManifestError: It is none, or has no image for that platform.
    """
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ManifestError("the manifest is no JSON") from error
    if not isinstance(document, dict):
        raise ManifestError("the manifest is no JSON object")
    if isinstance(document.get("manifests"), list):
        return _of_platform(document["manifests"], architecture)
    layers = document.get("layers")
    if not isinstance(layers, list) or not layers:
        raise ManifestError("the manifest names no layers")
    if len(layers) > _MOST_LAYERS:
        raise ManifestError(f"the manifest names more than {_MOST_LAYERS} layers")
    config = document.get("config")
    digest = config.get("digest") if isinstance(config, dict) else ""
    return Manifest(tuple(map(_layer, layers)), str(digest) if _is_digest(digest) else "")


def _of_platform(manifests: list[Any], architecture: str) -> str:
    wanted = _ARCHITECTURES.get(architecture, architecture)
    for one in manifests:
        platform = (one.get("platform") or {}) if isinstance(one, dict) else {}
        fits = isinstance(platform, dict) and (
            platform.get("os") == "linux" and platform.get("architecture") == wanted
        )
        if fits and _is_digest(one.get("digest")):
            return str(one["digest"])
    raise ManifestError(f"the index has no image for linux on {wanted}")


def _layer(layer: object) -> Layer:
    if not isinstance(layer, dict) or not _is_digest(layer.get("digest")):
        raise ManifestError("a layer has no digest")
    size = layer.get("size")
    if not isinstance(size, int) or isinstance(size, bool) or size < 0:
        raise ManifestError("a layer has no size")
    kind = str(layer.get("mediaType", ""))
    compression = next((one for one in ("gzip", "zstd") if kind.endswith(one)), "")
    foreign = "foreign" in kind or "nondistributable" in kind or bool(layer.get("urls"))
    return Layer(str(layer["digest"]), size, compression, foreign)


def _is_digest(value: object) -> bool:
    return isinstance(value, str) and _DIGEST.fullmatch(value) is not None
