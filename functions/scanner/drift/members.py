"""Repositories with several projects in one lockfile: which of them a function is."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from functions.scanner.drift.locked import Locked, Need
from functions.scanner.drift.versions import normal_name, same_version
from functions.shared.core.packages import Package


def of_member(locked: Locked, deployed: Mapping[str, Sequence[Package]], member: str) -> Locked:
    """The lockfile as one of its projects needs it: what only others need may be missing.

    Args:
        locked: The lockfile.
        deployed: The deployed copies by the normal form of their name.
        member: The project's name or folder; where it is empty or not known, the one is taken
            that differs least from what is deployed.
    """
    if len(locked.members) < 2:
        return locked
    needed = _named(locked, member)
    if needed is None:
        needed = min(
            locked.members.values(), key=lambda places: _difference(locked, places, deployed)
        )
    packages = (
        replace(package, need=Need.OPTIONAL)
        if package.need is Need.RUNTIME and place not in needed
        else package
        for place, package in enumerate(locked.packages)
    )
    return replace(locked, packages=tuple(packages))


def _difference(
    locked: Locked, places: frozenset[int], deployed: Mapping[str, Sequence[Package]]
) -> tuple[int, int]:
    """How much a project differs: by names first, of equals by versions that are the same."""
    ecosystem = locked.ecosystem
    wanted = [locked.packages[place] for place in places]
    names = {normal_name(ecosystem, package.name) for package in wanted}
    same = sum(
        any(
            same_version(ecosystem, copy.version, package.version)
            for copy in deployed.get(normal_name(ecosystem, package.name), ())
        )
        for package in wanted
    )
    return len(names ^ deployed.keys()), -same


def _named(locked: Locked, member: str) -> frozenset[int] | None:
    """What the project of this name needs; its folder's last part is a name as well."""
    wanted = member.strip("/")
    for name, needed in locked.members.items():
        if wanted and wanted in {name, name.rpartition("/")[2]}:
            return needed
    last = wanted.rpartition("/")[2]
    return next(
        (
            needed
            for name, needed in locked.members.items()
            if last and last == name.rpartition("/")[2]
        ),
        None,
    )
