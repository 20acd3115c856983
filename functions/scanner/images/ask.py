"""What ECR says of an image: its manifest for the function's platform, and where its blobs are."""

import json
from dataclasses import dataclass
from typing import Any, Final

from functions.scanner.images.download import download
from functions.scanner.images.manifest import (
    MEDIA_TYPES,
    Layer,
    Manifest,
    ManifestError,
    Reference,
    read_manifest,
    read_reference,
)
from functions.scanner.images.selection import own_places
from functions.scanner.inventory.ranged import DownloadError
from functions.shared.aws.clients import ask
from functions.shared.core.reading import Known, Reading, Unknown

_MOST_PACKED: Final = 1536 * 1024 * 1024
_CONFIGURATION: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Image:
    """An image that can be read.

    Attributes:
        layers: Its layers, the lowest first.
        urls: Where each layer can be downloaded for some minutes, by digest; never logged.
        own: Places that its configuration points at; see `own_places`.
    """

    layers: tuple[Layer, ...]
    urls: dict[str, str]
    own: tuple[str, ...] = ()


def image(client: Any, uri: str, architecture: str) -> Reading[Image]:
    """The image that a function runs.

    Args:
        client: ECR.
        uri: The image as Lambda resolved it.
        architecture: The function's, as Lambda spells it.

    Raises:
        ClientError: ECR could not answer now.
    """
    try:
        reference = read_reference(uri)
        found = _manifest(client, reference, architecture)
        if isinstance(found, Unknown):
            return found
        manifest = found.value
        packed = sum(layer.size for layer in manifest.layers)
        if packed > _MOST_PACKED:
            return Unknown(f"it is too large to be read here: {packed // 1_000_000} MB compressed")
        digests = [one.digest for one in manifest.layers if not one.foreign]
        urls: dict[str, str] = {}
        for digest in filter(None, [*digests, manifest.config]):
            answer = _url(client, reference, digest)
            if isinstance(answer, Unknown):
                return answer
            urls[digest] = answer.value
    except ManifestError as error:
        return Unknown(str(error))
    own = _own(urls.pop(manifest.config, ""))
    return Known(Image(manifest.layers, urls, own))


def _manifest(client: Any, reference: Reference, architecture: str) -> Reading[Manifest]:
    """The manifest of the function's platform; of an index, the one that it names for that."""
    wanted = {"imageDigest": reference.digest} if reference.digest else {"imageTag": reference.tag}
    for _ in range(2):
        answer = _text(client, reference, wanted)
        if isinstance(answer, Unknown):
            return answer
        found = read_manifest(answer.value, architecture)
        if isinstance(found, Manifest):
            return Known(found)
        wanted = {"imageDigest": found}
    raise ManifestError("its index names another index")


def _text(client: Any, reference: Reference, wanted: dict[str, str]) -> Reading[str]:
    def read() -> Reading[str]:
        answer = client.batch_get_image(
            registryId=reference.account,
            repositoryName=reference.repository,
            imageIds=[wanted],
            acceptedMediaTypes=list(MEDIA_TYPES),
        )
        if images := answer.get("images"):
            return Known(str(images[0].get("imageManifest", "")))
        failures = answer.get("failures") or [{}]
        return Unknown(f"ECR has no such image: {failures[0].get('failureCode', 'no code given')}")

    answer = ask("reading the image's manifest", read)
    return answer if isinstance(answer, Unknown) else answer.value


def _url(client: Any, reference: Reference, digest: str) -> Reading[str]:
    return ask(
        "asking where the image's layers are",
        lambda: str(
            client.get_download_url_for_layer(
                registryId=reference.account,
                repositoryName=reference.repository,
                layerDigest=digest,
            )["downloadUrl"]
        ),
    )


def _own(url: str) -> tuple[str, ...]:
    """Where the configuration says that the owner's code is; nothing where it cannot be read."""
    if not url:
        return ()
    try:
        with download(url) as blob:
            return own_places(json.loads(blob.read(_CONFIGURATION)))
    except (DownloadError, ValueError, RecursionError):
        return ()
