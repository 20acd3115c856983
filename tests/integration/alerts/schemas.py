"""The published schemas: what arrives is checked against what is documented."""

import json
from pathlib import Path
from typing import Any, Final

from jsonschema import Draft202012Validator
from referencing import Registry, Resource

_DOCS: Final = Path("docs")
_ALERT: Final = "alert.schema.json"


def _read(name: str) -> Any:
    return json.loads((_DOCS / name).read_text(encoding="utf-8"))


_KNOWN: Final = Registry[Any]().with_resource(_ALERT, Resource.from_contents(_read(_ALERT)))

EVENT: Final = Draft202012Validator(_read("event.schema.json"), registry=_KNOWN)
MESSAGE: Final = Draft202012Validator(_read("notification.schema.json"), registry=_KNOWN)
