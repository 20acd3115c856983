"""`SensorPolicy`: what a function may do, in the form that the sensor reads. Pure.

`program=block:/usr/bin/git,/opt/bin/*;connect=alert:*.amazonaws.com:443` allows two kinds of
program and no other, and tells of connections to anywhere but AWS.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from functions.shared.sensor.line import Kind, Sighting

VARIABLE: Final = "WARDEN_SENSOR_POLICY"
LONGEST: Final = 3000
"""Characters; Lambda's variables have 4 KB in all, and the sensor's memory 3 KB."""

_PATTERN: Final = re.compile(r"[^\s,;=\"'\\]{1,160}")


class Category(StrEnum):
    """What policy speaks of."""

    PROGRAM = "program"
    READ = "read"
    WRITE = "write"
    CONNECT = "connect"
    CODE = "code"


class Mode(StrEnum):
    """What is done about what is not allowed."""

    OBSERVE = "observe"
    ALERT = "alert"
    BLOCK = "block"


CATEGORIES: Final[Mapping[Kind, Category]] = MappingProxyType(
    {
        Kind.PROGRAM: Category.PROGRAM,
        Kind.FORK: Category.PROGRAM,
        Kind.READ: Category.READ,
        Kind.WRITE: Category.WRITE,
        Kind.CONNECT: Category.CONNECT,
        Kind.LOOKUP: Category.CONNECT,
        Kind.LIBRARY: Category.CODE,
        Kind.MEMORY: Category.CODE,
    }
)
"""The category of what was seen; what no call can be refused for has none."""


class PolicyError(ValueError):
    """A policy that the sensor would not understand; names the part and what it should be."""


@dataclass(frozen=True, slots=True)
class PolicyEntry:
    """What holds for one category.

    Attributes:
        mode: What is done about what is not allowed.
        allowed: Names, with `*` for any run of characters; a host without a port means all ports.
    """

    mode: Mode = Mode.OBSERVE
    allowed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SensorPolicy:
    """The whole policy of a function.

    Attributes:
        entries: By category; one that is absent is observed.
        tells_arguments: Whether lines hold the arguments of programs.
    """

    entries: Mapping[Category, PolicyEntry] = field(default_factory=dict)
    tells_arguments: bool = False

    @classmethod
    def parse(cls, text: str) -> "SensorPolicy":
        """Read the sensor's form.

        Raises:
            PolicyError: A part is wrong, or the whole is too long.
        """
        if len(text) > LONGEST:
            raise PolicyError(f"policy: {len(text)} characters; at most {LONGEST}")
        entries: dict[Category, PolicyEntry] = {}
        arguments = False
        for part in filter(None, text.split(";")):
            if part == "arguments=on":
                arguments = True
                continue
            category, entry = _entry(part)
            if category in entries:
                raise PolicyError(f"policy: {category.value} stands there twice")
            entries[category] = entry
        return cls(entries, arguments)

    @property
    def text(self) -> str:
        """The sensor's form; `parse` reads it back."""
        parts = [
            f"{category.value}={entry.mode.value}"
            + (f":{','.join(entry.allowed)}" if entry.allowed else "")
            for category, entry in sorted(self.entries.items())
        ]
        return ";".join([*parts, *(["arguments=on"] if self.tells_arguments else [])])


def proposed(seen: Iterable[Sighting], mode: Mode) -> SensorPolicy:
    """The policy that allows exactly what was seen so far.

    Args:
        seen: What was learnt of the function.
        mode: What to do about everything else.

    Raises:
        PolicyError: A name cannot stand in a policy, or there are too many.
    """
    allowed: dict[Category, set[str]] = {category: set() for category in Category}
    for one in seen:
        if not _PATTERN.fullmatch(one.name) and one.kind in CATEGORIES:
            raise PolicyError(f"policy: {one.name[:60]!r} cannot be a name in a policy")
        if category := CATEGORIES.get(one.kind):
            allowed[category].add(one.name)
    policy = SensorPolicy(
        {category: PolicyEntry(mode, tuple(sorted(names))) for category, names in allowed.items()}
    )
    return SensorPolicy.parse(policy.text)  # what cannot be read back must not be deployed


@dataclass(frozen=True, slots=True)
class Difference:
    """What one policy allows and another does not, as `category: name`."""

    added: tuple[str, ...]
    removed: tuple[str, ...]


def difference(before: SensorPolicy, after: SensorPolicy) -> Difference:
    """What changes from one policy to another."""
    old, new = _facts(before), _facts(after)
    return Difference(tuple(sorted(new - old)), tuple(sorted(old - new)))


def _facts(policy: SensorPolicy) -> set[str]:
    facts = {f"{category.value}: {entry.mode.value}" for category, entry in policy.entries.items()}
    for category, entry in policy.entries.items():
        facts |= {f"{category.value}: allow {name}" for name in entry.allowed}
    return facts | ({"arguments: on"} if policy.tells_arguments else set())


def _entry(part: str) -> tuple[Category, PolicyEntry]:
    head, _, names = part.partition(":")
    category, equals, mode = head.partition("=")
    if category not in set(Category) or not equals or mode not in set(Mode):
        raise PolicyError(
            f"policy: {part[:60]!r} should be CATEGORY=MODE or CATEGORY=MODE:NAME,NAME with "
            f"a category of {', '.join(Category)} and a mode of {', '.join(Mode)}"
        )
    allowed = tuple(filter(None, names.split(",")))
    if wrong := [one for one in allowed if not _PATTERN.fullmatch(one)]:
        raise PolicyError(f"policy: {wrong[0][:60]!r} cannot be a name in a policy")
    return Category(category), PolicyEntry(Mode(mode), allowed)
