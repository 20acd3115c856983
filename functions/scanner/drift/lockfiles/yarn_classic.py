"""yarn.lock of Yarn 1: a format of its own, indented by two spaces.

https://classic.yarnpkg.com/lang/en/docs/yarn-lock/
"""

from typing import Final

from functions.scanner.drift.locked import Locked, LockfileError
from functions.scanner.drift.lockfiles.source import Source
from functions.scanner.drift.lockfiles.yarn_graph import YarnEntry, locked_by_yarn

_FIX: Final = "upload the file that `yarn install` wrote"


def parse_yarn_classic(source: Source) -> Locked:
    """Read the file; a package.json tells development dependencies apart.

    Raises:
        LockfileError: It is no lockfile of Yarn 1.
    """
    entries: list[YarnEntry] = []
    descriptors: dict[str, int] = {}
    for keys, lines in _blocks(source):
        requests = [key.strip().strip('"') for key in keys.rstrip(":").split(", ")]
        entry = _entry(source, requests[0], lines)
        descriptors.update(dict.fromkeys(requests, len(entries)))
        entries.append(entry)
    return locked_by_yarn(source, entries, descriptors, lambda name, wanted: f"{name}@{wanted}")


def _blocks(source: Source) -> list[tuple[str, list[str]]]:
    """The head line of each entry with the lines below it."""
    blocks: list[tuple[str, list[str]]] = []
    for number, line in enumerate(source.text.splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        if not line.startswith(" "):
            if not line.rstrip().endswith(":"):
                raise LockfileError(source.name, f"line {number} is no entry", _FIX)
            blocks.append((line.rstrip(), []))
        elif blocks:
            blocks[-1][1].append(line)
        else:
            raise LockfileError(source.name, f"line {number} belongs to no entry", _FIX)
    if not blocks and "yarn lockfile v1" not in source.text:
        raise LockfileError(source.name, "no entries", _FIX)
    return blocks


def _entry(source: Source, request: str, lines: list[str]) -> YarnEntry:
    fields: dict[str, str] = {}
    sections: dict[str, dict[str, str]] = {"dependencies": {}, "optionalDependencies": {}}
    current: dict[str, str] | None = None
    for line in lines:
        text = line.strip()
        name, _, value = text.partition(" ")
        if line.startswith("    ") and current is not None:
            current[_bare(name)] = _bare(value)
        elif text.endswith(":"):
            current = sections.setdefault(text[:-1], {})
        else:
            fields[_bare(name)] = _bare(value)
    if "version" not in fields:
        raise LockfileError(source.name, f"{request[:80]} has no version", _FIX)
    name, _, wanted = request[1:].partition("@")
    name = request[:1] + name
    if wanted.startswith("npm:"):
        real = wanted.removeprefix("npm:")
        name = real[: real.index("@", 1)] if "@" in real[1:] else real
    return YarnEntry(
        name, fields["version"], sections["dependencies"], sections["optionalDependencies"]
    )


def _bare(text: str) -> str:
    """A name or a value without its quotation marks."""
    return text.strip().strip('"')
