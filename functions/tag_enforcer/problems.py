"""What is wrong with a function's tags under a policy. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import reduce

from functions.shared.config import TagPolicy
from functions.shared.core.severity import Severity
from functions.shared.core.text import listed, plain
from functions.shared.policy.model import Environment, Policy, described
from functions.tag_enforcer.belonging import Belonging
from functions.tag_enforcer.understand import Understood, understand

_PLACEHOLDERS: Mapping[str, str] = {"owner": "TEAM", "expiry": "YYYY-MM-DD"}


@dataclass(frozen=True, slots=True)
class Problem:
    """One tag that is missing or wrong.

    Attributes:
        label: What is wrong, in two or three words, for titles.
        sentence: The same with the facts.
        severity: How bad that is.
        key: The key that is to be written.
        value: The value that is to be written; a word in capitals stands for a choice.
    """

    label: str
    sentence: str
    severity: Severity
    key: str
    value: str


def problems(
    tags: Mapping[str, str], found: Belonging, policy: Policy, names: TagPolicy, today: date
) -> tuple[Problem, ...]:
    """Everything that is wrong with a function's tags, the worst first.

    A function of no known environment needs the tags that every environment asks for.
    """
    understood = understand(tags, policy, names)
    rules = policy.environments.get(found.environment)
    required = rules.required if rules else _everywhere(policy)
    every = [
        problem
        for key, one in understood.items()
        for problem in _of(key, one, found, policy, required=key in required)
    ]
    if rules and (late := _too_late(understood["expiry"], found.environment, rules, today)):
        every.append(late)
    return tuple(sorted(every, key=lambda one: -one.severity))


def _everywhere(policy: Policy) -> tuple[str, ...]:
    """What every environment requires, in the order of the tags."""
    shared = reduce(
        lambda left, right: left & right,
        (frozenset(one.required) for one in policy.environments.values()),
    )
    return tuple(key for key in policy.tags if key in shared | {"environment"})


def _of(
    key: str, one: Understood, found: Belonging, policy: Policy, *, required: bool
) -> Iterator[Problem]:
    if one.is_missing:
        if required or (key == "environment" and not found.environment):
            yield _missing(key, one, found, policy)
        return
    if one.wrong:
        yield _wrong(one, one.wrong.wanted, one.wrong.suggestion, found)
    elif one.is_misspelt:
        was = plain(one.found_key, 60)
        yield Problem(
            f"{one.wanted_key} is written {was}",
            f"The tag {was!r} is understood as {one.wanted_key!r}.",
            Severity.INFO,
            one.wanted_key,
            plain(one.value, 100),
        )


def _missing(key: str, one: Understood, found: Belonging, policy: Policy) -> Problem:
    name = one.wanted_key
    if key == "owner":
        if found.owner:
            who = plain(found.owner, 100)
            return Problem(
                "no owner tag",
                f"The function has no tag {name!r}; {who} is taken for the owner, by "
                f"{found.owner_by}.",
                Severity.MEDIUM,
                name,
                who,
            )
        return Problem(
            "no owner",
            f"The function has no tag {name!r}, and nothing else says whose it is: nobody can be "
            "asked when it fails, leaks or costs too much.",
            Severity.HIGH,
            name,
            _PLACEHOLDERS[key],
        )
    if key == "environment":
        allowed = listed(list(policy.environments), 8)
        if found.environment:
            return Problem(
                "no environment tag",
                f"The function has no tag {name!r}; it is taken for {found.environment}, by "
                f"{found.environment_by}.",
                Severity.LOW,
                name,
                found.environment,
            )
        return Problem(
            "unclassified",
            f"The function has no tag {name!r}, and nothing else says where it belongs: whether "
            f"it may be stopped or removed cannot be decided. The policy knows {allowed}.",
            Severity.MEDIUM,
            name,
            "ENVIRONMENT",
        )
    where = f"in {found.environment}" if found.environment else "everywhere"
    return Problem(
        f"no {name}",
        f"The policy asks for the tag {name!r} {where}.",
        Severity.MEDIUM,
        name,
        _PLACEHOLDERS.get(key, "VALUE"),
    )


def _wrong(one: Understood, wanted: str, suggestion: str, found: Belonging) -> Problem:
    shown = plain(one.value, 100)
    if suggestion:
        return Problem(
            f"{one.wanted_key} is written {plain(one.value, 40)}",
            f"The tag {plain(one.found_key, 60)!r} is {shown!r}, understood as {suggestion!r}.",
            Severity.INFO,
            one.wanted_key,
            suggestion,
        )
    taken = ""
    if one.key == "owner" and found.owner:
        taken = f" {plain(found.owner, 100)} is taken for the owner, by {found.owner_by}."
    if one.key == "environment" and found.environment:
        taken = f" It is taken for {found.environment}, by {found.environment_by}."
    severe = one.key == "owner" and not found.owner
    return Problem(
        f"wrong {one.wanted_key}",
        f"The tag {plain(one.found_key, 60)!r} is {shown!r}; the policy wants {wanted}.{taken}",
        Severity.HIGH if severe else Severity.MEDIUM,
        one.wanted_key,
        _PLACEHOLDERS.get(one.key, "VALUE" if one.key != "environment" else "ENVIRONMENT"),
    )


def _too_late(one: Understood, name: str, rules: Environment, today: date) -> Problem | None:
    if one.is_missing or one.wrong or rules.lifetime is None:
        return None
    ahead = date.fromisoformat(one.value) - today
    if ahead <= rules.lifetime:
        return None
    return Problem(
        f"{one.wanted_key} too far ahead",
        f"The {one.wanted_key} {one.value} lies {described(ahead)} ahead; the policy allows "
        f"{described(rules.lifetime)} in {name}.",
        Severity.LOW,
        one.wanted_key,
        (today + rules.lifetime).isoformat(),
    )
