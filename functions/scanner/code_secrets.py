"""Credentials in a function's deployed code: searched once for each artefact, then remembered.

The function's own code and the layers of its own account are searched; what other accounts publish
is theirs to keep clean. The first search opens the artefact once more, for the text files that the
inventory has no need of; its result lies beside the inventory.
"""

from typing import TYPE_CHECKING, Final

from functions.scanner import ask_lambda
from functions.scanner.contents import layer_label
from functions.scanner.facts import Configuration
from functions.scanner.inventory.ranged import DownloadError
from functions.scanner.outside_bytes import secrets_of
from functions.scanner.secrets.found import CodeSecrets, SecretPlace
from functions.scanner.secrets.store import SecretsStore
from functions.shared.core.inventory_keys import url_safe
from functions.shared.core.reading import Unknown
from functions.shared.runtime.confined import ConfinedError

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient

_FOLDER: Final = "inventories/secrets-v3"
_LAYER_ACCOUNT: Final = 4


def deployed_secrets(
    configuration: Configuration, account: str, client: "LambdaClient", store: SecretsStore
) -> CodeSecrets:
    """Where credentials stand in a function's code and in its account's layers.

    An artefact that cannot be read makes the result incomplete; the others still count.
    """
    code = configuration
    if code.package_type != "Zip":
        # An image is searched when its inventory is read.
        name = url_safe(code.code_sha256)
        known = store.get(secrets_key(name)) if name else None
        return known or CodeSecrets(complete=False)
    if code.code_error:
        return CodeSecrets(complete=False)
    secrets = _artefact(code.code_sha256, code.code_url, "", code.code_size, store)
    for arn in configuration.layers:
        if arn.split(":")[_LAYER_ACCOUNT : _LAYER_ACCOUNT + 1] == [account]:
            secrets += _layer(arn, client, store)
    return secrets


def secrets_key(name: str) -> str:
    """The key of what was found in an artefact; its digest is spelled as `url_safe` does."""
    return f"{_FOLDER}/{name}.json"


def _layer(arn: str, client: "LambdaClient", store: SecretsStore) -> CodeSecrets:
    location = ask_lambda.layer_location(client, arn)
    if isinstance(location, Unknown):
        return CodeSecrets(complete=False)
    url, digest, size = location.value
    return _artefact(digest, url, layer_label(arn), size, store)


def _artefact(digest: str, url: str, label: str, size: int, store: SecretsStore) -> CodeSecrets:
    key = secrets_key(url_safe(digest)) if digest else ""
    known = store.get(key) if key else None
    if known is None:
        # In both cases nothing is stored: the next look may succeed.
        try:
            known = secrets_of(url, size=size)
        except DownloadError:
            return CodeSecrets(complete=False)
        except ConfinedError as error:
            return CodeSecrets(unread=(f"{label or 'the code'}: {error}",), complete=False)
        if key and known.complete:
            store.put(key, known)
    return _labelled(known, label)


def _labelled(secrets: CodeSecrets, label: str) -> CodeSecrets:
    if not label:
        return secrets
    return CodeSecrets(
        tuple(SecretPlace(f"{label}!/{p.path}", p.line, p.kind) for p in secrets.places),
        tuple(f"{label}: {cause}" for cause in secrets.unread),
        secrets.complete,
    )
