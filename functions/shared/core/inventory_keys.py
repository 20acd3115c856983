"""Where inventories are kept: one CycloneDX document for each digest of code or a layer."""

import re
from typing import Final

# Raised whenever the readers learn something, so that everything is read anew.
_READERS: Final = "v3"
_SUFFIX: Final = ".cdx.json"

FOLDER: Final = f"inventories/{_READERS}/"
"""What the keys of current inventories start with."""


def key_of(digest: str) -> str:
    """The key of an inventory; the digest is spelled as `url_safe` does."""
    return f"{FOLDER}{digest}{_SUFFIX}"


def digest_of(key: str) -> str:
    """The digest that a key is about; empty where it is no inventory's."""
    name = key.removeprefix(FOLDER)
    return name.removesuffix(_SUFFIX) if key.startswith(FOLDER) and name.endswith(_SUFFIX) else ""


def url_safe(digest: str) -> str:
    """A digest, which AWS gives in base64, as part of a key (RFC 4648, section 5)."""
    return re.sub(r"[^A-Za-z0-9=_-]", "_", digest.replace("+", "-"))
