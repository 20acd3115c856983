"""What a policy file says; docs/lifecycle.md describes it for people."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Any, Final, Literal, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, model_validator

from functions.shared.policy import expression
from functions.shared.policy.values import Form, normal

ROLES: Final = ("owner", "environment", "expiry")
"""Tags that the settings name (`tags.owner_tag`, …); a policy knows them by these words."""

_FIXED: Final = {"environment": Form.ENVIRONMENT, "expiry": Form.DATE}
_MOST: Final = 200
_TIMES: Final = {"d": 1, "w": 7, "day": 1, "days": 1, "week": 7, "weeks": 7, "": 1}
_LONGEST_DAYS: Final = 3650


def _days(value: object) -> timedelta:
    if isinstance(value, timedelta):
        return value
    match = re.fullmatch(r"([0-9]{1,4})\s*(d|w|days?|weeks?)?", str(value).strip())
    days = int(match[1]) * _TIMES[match[2] or ""] if match else -1
    if not 0 <= days <= _LONGEST_DAYS:
        raise ValueError(f"write a number of days up to {_LONGEST_DAYS}, such as 90 days")
    return timedelta(days=days)


def _some_days(value: object) -> timedelta:
    days = _days(value)
    if not days:
        raise ValueError("write a number of days from 1, such as 90 days")
    return days


_AS_DAYS: Final = PlainSerializer(lambda days: f"{days.days} days", return_type=str)
SomeDays = Annotated[timedelta, BeforeValidator(_some_days), _AS_DAYS]
Key = Annotated[str, Field(min_length=1, max_length=128, pattern=r"^[\w .:/=+@-]+$")]
Name = Annotated[str, Field(min_length=1, max_length=256, pattern=r"^\S(.*\S)?$")]
Wildcard = Annotated[str, Field(min_length=1, max_length=256, pattern=r"^[A-Za-z0-9_.:/*?@+=-]+$")]
_Many = Field(default=(), max_length=_MOST)


def _kebab(name: str) -> str:
    return name.replace("_", "-")


Fault: TypeAlias = tuple[tuple[str | int, ...], str]
"""A path of keys, and what is wrong there."""


class DisagreementError(ValueError):
    """Parts of a policy that contradict each other.

    Attributes:
        faults: Each of them with its place.
    """

    def __init__(self, faults: Sequence[Fault]) -> None:
        """Name all of them."""
        super().__init__("; ".join(f"{'.'.join(map(str, path))}: {fix}" for path, fix in faults))
        self.faults = tuple(faults)


class Part(BaseModel):
    """Base of every part: a key that is not known is an error, never a default."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, alias_generator=_kebab, populate_by_name=True
    )


class TagRule(Part):
    """What one tag may hold: of a form, one of a list, or like a pattern.

    Attributes:
        value: The form; `any` where nothing is said.
        one_of: The allowed values.
        pattern: A regular expression that the whole value must match.
        also: Other keys that people use for it.
    """

    value: Form | None = None
    one_of: Annotated[tuple[Name, ...], _Many]
    pattern: Annotated[str, Field(max_length=expression.LONGEST)] = ""
    also: Annotated[tuple[Key, ...], _Many]

    @model_validator(mode="after")
    def _says_one_thing(self) -> "TagRule":
        said = [name for name in ("value", "one_of", "pattern") if getattr(self, name)]
        if len(said) > 1:
            both = " and ".join(map(_kebab, said))
            raise ValueError(f"{both} contradict each other; keep one of them")
        if self.pattern and (fault := expression.fault_of(self.pattern)):
            raise ValueError(f"pattern: {fault}")
        return self

    @property
    def form(self) -> Form:
        """The form, where neither a list nor a pattern stands."""
        return self.value or Form.ANY


class Action(StrEnum):
    """What may be done to the functions of an environment. Nothing, where a policy is silent."""

    REMOVE = "remove"


class Environment(Part):
    """The rules for the functions of one environment.

    Attributes:
        also: Other words for it.
        required: Tags that each of its functions needs.
        lifetime: How far ahead its expiry may lie.
        idle: Without a call for so long, a function is proposed for removal; None: never.
        actions: What may be done to its functions.
    """

    also: Annotated[tuple[Name, ...], _Many]
    required: Annotated[tuple[Key, ...], _Many]
    lifetime: SomeDays | None = None
    idle: SomeDays | None = None
    actions: Annotated[tuple[Action, ...], _Many]


class KnownBy(Part):
    """A function without an environment's tag that meets all of these is of this environment."""

    environment: Name
    account: Annotated[str, Field(pattern=r"^[0-9*?]{1,12}$")] = ""
    name: Wildcard | Literal[""] = ""
    arn: Wildcard | Literal[""] = ""

    @model_validator(mode="after")
    def _says_by_what(self) -> "KnownBy":
        if not (self.account or self.name or self.arn):
            raise ValueError("says by nothing; add account, name or arn")
        return self


class OwnedBy(Part):
    """Who owns functions that have no owner's tag, by who deployed them or where they come from."""

    owner: Name
    deployer: Wildcard | Literal[""] = ""
    repository: Wildcard | Literal[""] = ""
    stack: Wildcard | Literal[""] = ""

    @model_validator(mode="after")
    def _says_by_what(self) -> "OwnedBy":
        if not (self.deployer or self.repository or self.stack):
            raise ValueError("says by nothing; add deployer, repository or stack")
        return self


class Exemption(Part):
    """Functions that the policy does not hold for, until a day.

    Attributes:
        tag: `key` or `key=value`.
        arn: A function's ARN, `*` for any part of it.
        account: An account.
        reason: Why.
        owner: Who answers for it.
        expires: Its last day.
    """

    tag: Annotated[str, Field(max_length=400)] = ""
    arn: Wildcard | Literal[""] = ""
    account: Annotated[str, Field(pattern=r"^([0-9]{12})?$")] = ""
    reason: Annotated[str, Field(min_length=5, max_length=500)]
    owner: Name
    expires: date

    @model_validator(mode="after")
    def _names_one_thing(self) -> "Exemption":
        if len([one for one in (self.tag, self.arn, self.account) if one]) != 1:
            raise ValueError("name one of tag, arn and account")
        if self.arn and not self.arn.strip("*?:"):
            raise ValueError("arn: exempts every function; name some, such as *:function:legacy-*")
        return self

    @property
    def what(self) -> str:
        """What it names, for people."""
        return next(
            f"{kind} {named}"
            for kind, named in (("tag", self.tag), ("arn", self.arn), ("account", self.account))
            if named
        )


class Policy(Part):
    """A whole policy file."""

    version: Literal["1"]
    tags: Annotated[Mapping[Key, TagRule], Field(max_length=_MOST)]
    environments: Annotated[Mapping[Name, Environment], Field(min_length=1, max_length=_MOST)]
    known_by: Annotated[tuple[KnownBy, ...], _Many]
    owned_by: Annotated[tuple[OwnedBy, ...], _Many]
    exemptions: Annotated[tuple[Exemption, ...], _Many]

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> "Policy":
        faults = (*self._tag_faults(), *self._environment_faults())
        if faults:
            raise DisagreementError(faults)
        return self

    def _tag_faults(self) -> Iterator[Fault]:
        for one in ROLES:
            if one not in self.tags:
                yield ("tags",), f"{one} is missing; say what it may hold"
        for key, form in _FIXED.items():
            if key in self.tags and self.tags[key].value is not form:
                yield ("tags", key), f"is what Warden itself reads; write value: {form}"
        keys: dict[str, str] = {}
        for key, rule in self.tags.items():
            for word in sorted({normal(one) for one in (key, *rule.also)}):
                if keys.setdefault(word, key) != key:
                    yield ("tags", key), f"{word!r} stands for {keys[word]}, too; keep one"

    def _environment_faults(self) -> Iterator[Fault]:
        words: dict[str, str] = {}
        for name, one in self.environments.items():
            here = ("environments", name)
            if stray := [key for key in one.required if key not in self.tags]:
                yield (
                    (*here, "required"),
                    f"{', '.join(stray)} is no tag of this file; add it under tags, or remove it",
                )
            if one.lifetime and "expiry" not in one.required:
                yield (*here, "lifetime"), "needs expiry under required; add it there"
            for word in sorted({normal(each) for each in (name, *one.also)}):
                if words.setdefault(word, name) != name:
                    yield here, f"{word!r} stands for {words[word]}, too; keep one"
        for index, row in enumerate(self.known_by):
            if row.environment not in self.environments:
                yield (
                    ("known-by", index, "environment"),
                    f"{row.environment!r} is none of {', '.join(self.environments)}",
                )

    @cached_property
    def environment_words(self) -> Mapping[str, str]:
        """Every environment by the words that stand for it, without case."""
        return {
            normal(word): name
            for name, one in self.environments.items()
            for word in (*one.also, name)
        }

    def meant_environment(self, word: str) -> str:
        """The environment that a word stands for; empty where none does."""
        return self.environment_words.get(normal(word), "")


def described(value: Any) -> str:
    """A duration of the model, for people: `90 days`."""
    days = value.days if isinstance(value, timedelta) else int(value)
    return f"{days} day{'' if days == 1 else 's'}"
