"""yarn.lock of Yarn 2 and later: YAML, entries under comma-separated descriptors.

https://yarnpkg.com/features/linkers and https://yarnpkg.com/protocol/npm
"""

from typing import Any, Final

from functions.scanner.drift.locked import Locked, LockfileError
from functions.scanner.drift.lockfiles.source import Source
from functions.scanner.drift.lockfiles.yaml_text import load_mapping
from functions.scanner.drift.lockfiles.yarn_graph import YarnEntry, locked_by_yarn

_FIX: Final = "upload the file that `yarn install` wrote"


def parse_yarn_berry(source: Source) -> Locked:
    """Read the file; a package.json tells development dependencies apart.

    Raises:
        LockfileError: It is no lockfile of Yarn 2 or later.
    """
    document = load_mapping(source.name, source.text, _FIX)
    if "__metadata" not in document:
        raise LockfileError(source.name, "no __metadata", _FIX)
    entries: list[YarnEntry] = []
    descriptors: dict[str, int] = {}
    own: set[str] = set()
    for keys, row in document.items():
        if keys == "__metadata":
            continue
        try:
            name, _, reference = str(row["resolution"])[1:].partition("@")
            name = str(row["resolution"])[0] + name
            if reference.startswith("workspace:"):
                own.add(name)
                continue
            entry = _entry(name, row)
        except (KeyError, TypeError, IndexError, AttributeError) as error:
            raise LockfileError(source.name, f"{str(keys)[:80]} is incomplete", _FIX) from error
        descriptors.update({_plain(key): len(entries) for key in str(keys).split(", ")})
        entries.append(entry)
    return locked_by_yarn(source, entries, descriptors, _descriptor, own)


def _entry(name: str, row: dict[str, Any]) -> YarnEntry:
    meta = row.get("dependenciesMeta") or {}
    wanted = {str(key): str(value) for key, value in (row.get("dependencies") or {}).items()}
    optional = {
        key: value
        for key, value in wanted.items()
        if str((meta.get(key) or {}).get("optional", "")).lower() == "true"
    }
    required = {key: value for key, value in wanted.items() if key not in optional}
    return YarnEntry(name, str(row["version"]), required, optional, bool(row.get("conditions")))


def _descriptor(name: str, wanted: str) -> str:
    return _plain(f"{name}@{wanted}")


def _plain(descriptor: str) -> str:
    """The descriptor without the protocol that newer versions write for the registry."""
    name, _, wanted = descriptor[1:].partition("@")
    return f"{descriptor[:1]}{name}@{wanted.removeprefix('npm:')}"
