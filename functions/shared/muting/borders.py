"""Whose functions a waiver file speaks for. Pure.

Whoever may upload a team's file decides for that team's functions, and no others. What is to hold
for functions that nobody names one by one needs the platform team's file.
"""

from dataclasses import dataclass, replace
from glob import escape
from typing import Final

from functions.shared.muting.matcher import Matcher, is_pattern
from functions.shared.muting.terms import Fault
from functions.shared.muting.waiver import Waiver

FOLDER: Final = "waivers/"
SUFFIX: Final = ".toml"


@dataclass(frozen=True, slots=True)
class Border:
    """What the waivers of one file may be about.

    Attributes:
        team: The team whose file it is, as the owner tags of its functions name it.
        platform: The team that runs Warden, whose own file may be about every function.
    """

    team: str
    platform: str

    @classmethod
    def of_file(cls, key: str, platform: str) -> "Border":
        """The border of a file, `waivers/TEAM.toml` or `waivers/TEAM/ANYTHING.toml`."""
        return cls(team_of(key), platform)

    @property
    def is_whole(self) -> bool:
        """Whether the file may speak for every function."""
        return self.team == self.platform

    def faults(self, matcher: Matcher) -> list[Fault]:
        """Why these conditions reach beyond the border; empty where they do not."""
        if self.is_whole or names_one_function(matcher):
            return []
        what = "is a pattern" if matcher.function else "is missing"
        theirs = f"{FOLDER}{self.platform}{SUFFIX}"
        fix = f"{what}; name one function, or have the platform team write it into {theirs}"
        return [Fault("function", fix)]

    def within(self, matcher: Matcher) -> Matcher:
        """The same conditions, met by what is inside of the border only."""
        return matcher if self.is_whole else replace(matcher, owner=escape(self.team))

    def holds(self, waiver: Waiver) -> bool:
        """Whether a waiver that was taken over earlier is one that the file could write now."""
        matcher = waiver.matcher
        return not self.faults(matcher) and self.within(matcher) == matcher


def team_of(key: str) -> str:
    """The team that a waiver file belongs to by its name; empty where it names none."""
    name = key.removeprefix(FOLDER).removesuffix(SUFFIX)
    team = name.partition("/")[0]
    return team if team == team.strip() else ""


def names_one_function(matcher: Matcher) -> bool:
    """Whether the conditions are about one function, named in full."""
    return matcher.function != "" and not is_pattern(matcher.function)
