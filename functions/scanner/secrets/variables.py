"""Credentials among a function's environment variables. Pure."""

import re
from collections.abc import Mapping
from typing import Final

from functions.scanner.secrets.detector import detect
from functions.scanner.secrets.found import SecretVariable
from functions.scanner.secrets.placeholders import is_placeholder

_SHORTEST: Final = 6

# What a name calls its value, tried in this order on words joined by `_`.
_KINDS: Final[tuple[tuple[str, re.Pattern[str]], ...]] = tuple(
    (kind, re.compile(rf"(?<![^_])(?:{words})(?:_|\d|$)"))
    for kind, words in (
        ("password", "pass|[a-z]*passw(?:or)?d|passphrase|pwd|[a-z]*dbpass"),
        ("private key", "private_?key|signing_?key|encryption_?key|master_?key"),
        ("access key", "(?:secret_)?access_?key|account_?key|storage_?key|shared_?key"),
        ("API key", "api_?key|app_?key|auth_?key|service_?key|license_?key"),
        ("client secret", "client_?secret|app_?secret|webhook_?secret|shared_?secret"),
        ("token", "token|bearer|jwt"),
        ("secret", "secret|secret_?key"),
        ("credentials", "credential|credentials|creds"),
    )
)
# A name with such an ending says something about a credential, and holds none.
_ABOUT: Final = re.compile(
    r"_(?:age|algorithm|arn|audience|bucket|count|duration|enabled|endpoint|env|expiration|expiry|"
    r"field|file|header|host|id|issuer|key_?id|len|length|limit|location|max|min|mode|name|param|"
    r"parameter|path|policy|prefix|ref|region|rotation|seconds|ssm|store|table|timeout|ttl|type|"
    r"uri|url|usage|user|username|vault|version)s?$"
)
# What is public by its name, and what only KMS can read (the form of its ciphertexts in base64).
_PUBLIC: Final = re.compile(r"(?<![^_])(?:public|pub|cert|certificate)(?![^_])")
_ENCRYPTED: Final = re.compile(r"AQI[CD]A[A-Za-z0-9+/=]{60,}")
_REFERENCE: Final = re.compile(
    r"arn:aws|https?://|[./~]{0,2}/[\w./-]*$|\{\{resolve:|ssm:|secretsmanager:|vault:|file:|env:"
    r"|-?[\d.,:]+$|(?:true|false|on|off|yes|no|enabled|disabled|none|null)$",
    re.IGNORECASE,
)
# `prod/orders/db-password` names where a password is kept; passwords do not call themselves so.
_NAMED_PLACE: Final = re.compile(
    r"(?=.*[-/_.])(?=.*(?:pass|secret|token|key|cred))[a-z0-9]+(?:[-/_.][a-z0-9]+)+$"
)


def secret_variables(variables: Mapping[str, str]) -> tuple[SecretVariable, ...]:
    """The variables that hold credentials, by the form of their values or by their names.

    The detector sees all variables as one text, because some credentials are only known by their
    neighbours: an AWS secret key by its key id.

    Raises:
        DetectionError: The values could not be searched.
    """
    if not variables:
        return ()
    by_form = _by_form(variables)
    by_name = {
        name: SecretVariable(name, kind, by_name=True)
        for name, value in variables.items()
        if name not in by_form and (kind := kind_by_name(name, value))
    }
    return tuple(sorted({**by_form, **by_name}.values()))


def kind_by_name(name: str, value: str) -> str:
    """What a setting of this name holds, if its value may be one; empty if it is no credential."""
    kind = _named_kind(name)
    return kind if kind and _may_be_credential(value) else ""


def _by_form(variables: Mapping[str, str]) -> dict[str, SecretVariable]:
    text = bytearray()
    ends = []
    for name, value in variables.items():
        text += f"{name}={value}\n".encode(errors="replace")
        ends.append((len(text), name))
    found: dict[str, SecretVariable] = {}
    for hit in detect(bytes(text)):
        name = next(name for end, name in ends if hit.start < end)
        found.setdefault(name, SecretVariable(name, hit.kind))
    return found


def _named_kind(name: str) -> str:
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower().replace("-", "_").replace(".", "_")
    if _ABOUT.search(words) or _PUBLIC.search(words):
        return ""
    return next((kind for kind, pattern in _KINDS if pattern.search(words)), "")


def _may_be_credential(value: str) -> bool:
    value = value.strip()
    return (
        len(value) >= _SHORTEST
        and not _REFERENCE.match(value)
        and not _ENCRYPTED.fullmatch(value)
        and not _NAMED_PLACE.match(value)
        and not is_placeholder(value.encode(errors="replace"))
    )
