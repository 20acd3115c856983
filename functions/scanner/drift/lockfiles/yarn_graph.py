"""What both formats of yarn.lock share: entries under descriptors, and the walk through them."""

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from functions.scanner.drift.locked import Locked, LockedPackage, Need
from functions.scanner.drift.lockfiles.source import Source
from functions.scanner.drift.package_json import parse_package_json
from functions.scanner.drift.reach import Edges, needs


class YarnEntry(NamedTuple):
    """One resolved package.

    Attributes:
        name: Real name, also of an alias.
        version: Exact version.
        dependencies: Name and range of what it cannot do without.
        optional: Name and range of what it can do without.
        conditional: Installed on some platforms only.
    """

    name: str
    version: str
    dependencies: Mapping[str, str]
    optional: Mapping[str, str]
    conditional: bool = False


def locked_by_yarn(
    source: Source,
    entries: list[YarnEntry],
    descriptors: Mapping[str, int],
    descriptor: Callable[[str, str], str],
    own: Iterable[str] = (),
) -> Locked:
    """Classify the entries by the manifest; without one, all count as needed.

    Args:
        source: The lockfile and its manifests.
        entries: All resolved packages.
        descriptors: Which entry a request such as `lodash@^4.17.0` resolves to.
        descriptor: Writes a name and a range as such a request.
        own: Names of workspaces.
    """
    named: dict[str, list[int]] = {}
    for key, index in descriptors.items():
        named.setdefault(key[: key.index("@", 1)] if "@" in key[1:] else key, []).append(index)

    def resolve(wanted: Mapping[str, str]) -> tuple[int, ...]:
        found: list[int] = []
        for name, version in wanted.items():
            exact = descriptors.get(descriptor(name, version))
            # Overrides (resolutions) change the range: then any entry of that name may be meant.
            found += named.get(name, []) if exact is None else [exact]
        return tuple(found)

    def edges(index: int) -> Edges:
        entry = entries[index]
        return Edges(resolve(entry.dependencies), resolve(entry.optional))

    found = dict.fromkeys(range(len(entries)), Need.RUNTIME)
    manifest = source.manifests.get("package.json")
    names = set(own)
    direct: tuple[int, ...] = ()
    if manifest is not None:
        project = parse_package_json(manifest)
        names.add(project.name)
        direct = resolve({**project.development, **project.optional, **project.runtime})
        found = needs(
            range(len(entries)),
            runtime=resolve(project.runtime),
            optional=resolve(project.optional),
            edges=edges,
        )
    parents: dict[int, set[str]] = {}
    for entry in entries:
        for target in (*resolve(entry.dependencies), *resolve(entry.optional)):
            parents.setdefault(target, set()).add(entry.name)
    for target in direct:
        parents.setdefault(target, set()).add("")
    packages = [
        LockedPackage(
            entry.name,
            entry.version,
            _need(found[index], entry),
            parents=frozenset(parents.get(index, ())),
        )
        for index, entry in enumerate(entries)
    ]
    return Locked("npm", tuple(packages), own=frozenset(names - {""}))


def _need(need: Need, entry: YarnEntry) -> Need:
    return Need.OPTIONAL if entry.conditional and need is Need.RUNTIME else need
