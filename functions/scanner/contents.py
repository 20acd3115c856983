"""What is inside a function's code and layers: read once for each artefact, then remembered."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, BinaryIO, Final, cast

from functions.scanner import ask_lambda
from functions.scanner.facts import Configuration
from functions.scanner.inventory import read_artifact
from functions.scanner.inventory.ranged import DownloadError, RangedFile
from functions.scanner.inventory.sbom import SbomError, from_cyclonedx, to_cyclonedx
from functions.shared.aws import ask
from functions.shared.packages import Inventory, Problem
from functions.shared.reading import Unknown

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_s3 import S3Client

# Raised whenever the readers learn something, so that everything is read anew.
_READERS: Final = "v1"


class InventoryStore:
    """Inventories in S3 as CycloneDX documents, one for each digest of an artefact."""

    def __init__(self, client: "S3Client", bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def get(self, digest: str) -> Inventory | None:
        """The stored inventory; None where the artefact was never read."""
        answer = ask(
            "reading the inventory",
            lambda: self._read(_key(digest)),
        )
        if isinstance(answer, Unknown):
            return None
        try:
            return from_cyclonedx(answer.value)
        except SbomError:
            return None  # damaged: reading the artefact again mends it

    def _read(self, key: str) -> bytes:
        return self._client.get_object(Bucket=self._bucket, Key=key)["Body"].read()

    def put(self, digest: str, inventory: Inventory) -> None:
        """Store an inventory."""
        self._client.put_object(
            Bucket=self._bucket,
            Key=_key(digest),
            Body=to_cyclonedx(inventory).encode(),
            ContentType="application/vnd.cyclonedx+json",
        )


def read_contents(
    configuration: Configuration,
    client: "LambdaClient",
    store: InventoryStore,
) -> Inventory:
    """The packages in a function's code and its layers, together.

    What could not be read of one artefact is a problem in the result; the others still count.
    """
    if configuration.package_type != "Zip":
        return Inventory(problems=(_image(),))
    contents = _artefact(configuration.code_sha256, lambda: configuration.code_url, "", store)
    for arn in configuration.layers:
        contents = contents + _layer(arn, client, store)
    return contents


def _layer(arn: str, client: "LambdaClient", store: InventoryStore) -> Inventory:
    label = f"layer {arn.partition(':layer:')[2] or arn}"
    location = ask_lambda.layer_location(client, arn)
    if isinstance(location, Unknown):
        return Inventory(problems=(Problem("layer-unreadable", f"{label}: {location.cause}"),))
    url, digest = location.value
    return _artefact(digest, lambda: url, label, store)


def _artefact(digest: str, url: Callable[[], str], label: str, store: InventoryStore) -> Inventory:
    known = store.get(digest) if digest else None
    if known is not None:
        return known
    try:
        with RangedFile(url()) as file:
            inventory = read_artifact(cast("BinaryIO", file), label=label)
    except DownloadError as error:
        # Not stored: the next look may succeed.
        detail = f"{label or 'the code'}: {error}"
        return Inventory(problems=(Problem("download-failed", detail),))
    if digest:
        store.put(digest, inventory)
    return inventory


def _image() -> Problem:
    return Problem("container-image", "the function is a container image, which is not read yet")


def _key(digest: str) -> str:
    return f"inventories/{_READERS}/{re.sub(r'[^A-Za-z0-9=_-]', '_', digest)}.cdx.json"
