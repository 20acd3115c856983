"""What is inside a function's code and layers: read once for each artefact, then remembered."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from functions.scanner import ask_lambda
from functions.scanner.facts import Configuration
from functions.scanner.inventory.problems import MEANINGS
from functions.scanner.inventory.ranged import DownloadError
from functions.scanner.inventory.sbom import SbomError, from_cyclonedx, to_cyclonedx
from functions.scanner.outside_bytes import inventory_of
from functions.shared.aws.clients import ask
from functions.shared.core.inventory_keys import FOLDER, digest_of, key_of, url_safe
from functions.shared.core.packages import Inventory, Problem
from functions.shared.core.reading import Unknown
from functions.shared.core.text import listed
from functions.shared.runtime.confined import ConfinedError, ImpatientError

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_s3 import S3Client


class InventoryStore:
    """Inventories in S3 as CycloneDX documents, one for each digest of an artefact.

    Digests are spelled as `Contents.digests` has them.
    """

    def __init__(self, client: "S3Client", bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def get(self, digest: str) -> Inventory | None:
        """The stored inventory of an artefact; None where it was never read."""
        answer = ask("reading the inventory", lambda: self._read(key_of(digest)))
        if isinstance(answer, Unknown):
            return None
        try:
            return from_cyclonedx(answer.value)
        except SbomError:
            return None  # damaged: reading the artefact again mends it

    def digests(self) -> Iterator[str]:
        """Digests of all stored inventories."""
        pages = self._client.get_paginator("list_objects_v2").paginate(
            Bucket=self._bucket, Prefix=FOLDER
        )
        for page in pages:
            for item in page.get("Contents", []):
                if digest := digest_of(item.get("Key", "")):
                    yield digest

    def _read(self, key: str) -> bytes:
        return self._client.get_object(Bucket=self._bucket, Key=key)["Body"].read()

    def put(self, digest: str, inventory: Inventory) -> None:
        """Store an inventory."""
        self._client.put_object(
            Bucket=self._bucket,
            Key=key_of(digest),
            Body=to_cyclonedx(inventory).encode(),
            ContentType="application/vnd.cyclonedx+json",
        )


_FILE_SYSTEM: Final = f"{MEANINGS['file-system-not-read']}: "


@dataclass(frozen=True, slots=True)
class Contents:
    """What is inside a function's code and layers.

    Attributes:
        inventory: Packages and problems, of all artefacts together.
        digests: Digests, in URL-safe base64, of the artefacts whose inventories are stored.
    """

    inventory: Inventory
    digests: tuple[str, ...] = ()


def read_contents(
    configuration: Configuration,
    client: "LambdaClient",
    store: InventoryStore,
) -> Contents:
    """The packages in a function's code and its layers, together.

    What could not be read of one artefact is a problem in the result; the others still count.
    """
    contents = _code(configuration, store)
    if configuration.mounts:
        problem = Problem("file-system-not-read", _FILE_SYSTEM + listed(list(configuration.mounts)))
        contents = Contents(contents.inventory + Inventory(problems=(problem,)), contents.digests)
    for arn in configuration.layers:
        layer = _layer(arn, client, store)
        contents = Contents(contents.inventory + layer.inventory, contents.digests + layer.digests)
    return contents


def _code(code: Configuration, store: InventoryStore) -> Contents:
    name = url_safe(code.code_sha256)
    # What was read before is known, even where the code is not given out any more.
    if code.code_error and not (name and store.get(name)):
        problem = Problem("code-withheld", f"{MEANINGS['code-withheld']}: {code.code_error}")
        return Contents(Inventory(problems=(problem,)))
    return _artefact(code.code_sha256, code.code_url, "", code.code_size, store)


def _layer(arn: str, client: "LambdaClient", store: InventoryStore) -> Contents:
    label = layer_label(arn)
    location = ask_lambda.layer_location(client, arn)
    if isinstance(location, Unknown):
        problem = Problem("layer-unreadable", f"{label}: {location.cause}")
        return Contents(Inventory(problems=(problem,)))
    url, digest, size = location.value
    return _artefact(digest, url, label, size, store)


def _artefact(digest: str, url: str, label: str, size: int, store: InventoryStore) -> Contents:
    name = url_safe(digest)
    known = store.get(name) if name else None
    if known is not None:
        return Contents(known, (name,))
    place = label or "the code"
    # In both cases nothing is stored: the next look may succeed.
    try:
        inventory = inventory_of(url, label=label, size=size)
    except (DownloadError, ImpatientError) as error:
        return Contents(Inventory(problems=(Problem("download-failed", f"{place}: {error}"),)))
    except ConfinedError as error:
        code = "reading-ended"
        detail = f"{MEANINGS[code]}: {place} ({error})"
        return Contents(Inventory(problems=(Problem(code, detail),)))
    if not name:
        return Contents(inventory)
    store.put(name, inventory)
    return Contents(inventory, (name,))


def layer_label(arn: str) -> str:
    """What the places inside a layer start with: its name and version."""
    return f"layer {arn.partition(':layer:')[2] or arn}"
