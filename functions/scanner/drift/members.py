"""Repositories with several projects in one lockfile: which of them a function is."""

from collections.abc import Collection
from dataclasses import replace

from functions.scanner.drift.locked import Locked, Need
from functions.scanner.drift.versions import normal_name


def of_member(locked: Locked, deployed: Collection[str], member: str) -> Locked:
    """The lockfile as one of its projects needs it: what only others need may be missing.

    Args:
        locked: The lockfile.
        deployed: Names of the deployed packages, in their normal form.
        member: The project's name or folder; where it is empty or not known, the one is taken
            that differs least from what is deployed.
    """
    if len(locked.members) < 2:
        return locked
    there = frozenset(deployed)
    needed = _named(locked, member)
    if needed is None:
        needed = min(locked.members.values(), key=lambda places: _difference(locked, places, there))
    packages = (
        replace(package, need=Need.OPTIONAL)
        if package.need is Need.RUNTIME and place not in needed
        else package
        for place, package in enumerate(locked.packages)
    )
    return replace(locked, packages=tuple(packages))


def _difference(locked: Locked, places: frozenset[int], there: frozenset[str]) -> tuple[int, int]:
    """In how many names a project differs from what is deployed; of equals, most in common first."""
    names = {normal_name(locked.ecosystem, locked.packages[place].name) for place in places}
    return len(names ^ there), -len(names & there)


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
