"""What is inside a function's container image: read once for each image, then remembered."""

from typing import Any

from functions.scanner.code_secrets import secrets_key
from functions.scanner.contents import Contents, InventoryStore
from functions.scanner.facts import Configuration
from functions.scanner.images.ask import Image, image
from functions.scanner.inventory.problems import MEANINGS
from functions.scanner.inventory.ranged import DownloadError
from functions.scanner.outside_bytes import image_of
from functions.scanner.secrets.store import SecretsStore
from functions.shared.core.inventory_keys import url_safe
from functions.shared.core.packages import Inventory, Problem
from functions.shared.core.reading import Unknown
from functions.shared.runtime.confined import ConfinedError, ImpatientError


def read_image_contents(
    configuration: Configuration, ecr: Any, inventories: InventoryStore, secrets: SecretsStore
) -> Contents:
    """The packages in a container image, of the owner's and of the system.

    Credentials are searched for on the same way, because a second one would be as long; they are
    stored for `deployed_secrets`.

    Raises:
        ClientError: ECR or S3 could not answer now.
    """
    name = url_safe(configuration.code_sha256)
    known = inventories.get(name) if name else None
    if known is not None:
        return Contents(known, (name,))
    if configuration.code_error:
        return _without("code-withheld", configuration.code_error)
    found = image(ecr, configuration.image, configuration.architecture)
    if isinstance(found, Unknown):
        too_large = "too large" in found.cause
        return _without("image-too-large" if too_large else "image-unread", found.cause)
    return _read(found.value, name, inventories, secrets)


def _read(found: Image, name: str, inventories: InventoryStore, secrets: SecretsStore) -> Contents:
    # Where it fails, nothing is stored: the next look may succeed.
    try:
        inventory, places = image_of(found)
    except (DownloadError, ImpatientError) as error:
        return _without("download-failed", str(error))
    except ConfinedError as error:
        return _without("reading-ended", f"the image ({error})")
    if name:
        secrets.put(secrets_key(name), places)
        inventories.put(name, inventory)
    return Contents(inventory, (name,) if name else ())


def _without(code: str, reason: str) -> Contents:
    meaning = MEANINGS.get(code, "the image could not be downloaded")
    return Contents(Inventory(problems=(Problem(code, f"{meaning}: {reason}"),)))
