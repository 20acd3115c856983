"""What tags mean under a policy, however they are spelt. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from functions.shared.config import TagPolicy
from functions.shared.policy.model import Policy, TagRule
from functions.shared.policy.values import Form, Wrong, by_pattern, in_form, normal, one_of

_SET_BY_AWS: Final = "aws:"


@dataclass(frozen=True, slots=True)
class Understood:
    """One tag of the policy on one function.

    Attributes:
        key: What the policy calls it.
        wanted_key: The key that it should have.
        found_key: The key that it has; empty where the function has no such tag.
        value: Its value; empty likewise.
        meant: The value that it stands for; empty where it stands for none that is allowed.
        wrong: What is wrong with the value; None where nothing is.
    """

    key: str
    wanted_key: str
    found_key: str = ""
    value: str = ""
    meant: str = ""
    wrong: Wrong | None = None

    @property
    def is_missing(self) -> bool:
        """Whether there is no such tag, or an empty one."""
        return not self.value

    @property
    def is_misspelt(self) -> bool:
        """Whether its key is another than it should be."""
        return bool(self.value) and self.found_key != self.wanted_key


def wanted_key(key: str, names: TagPolicy) -> str:
    """The key on functions of a tag that the policy speaks of."""
    roles = {
        "owner": names.owner_tag,
        "environment": names.environment_tag,
        "expiry": names.expiry_tag,
    }
    return roles.get(key, key)


def understand(tags: Mapping[str, str], policy: Policy, names: TagPolicy) -> dict[str, Understood]:
    """Every tag that a policy speaks of, as it stands among some tags."""
    return {
        key: _one(key, rule, tags, policy, wanted_key(key, names))
        for key, rule in policy.tags.items()
    }


def _one(
    key: str, rule: TagRule, tags: Mapping[str, str], policy: Policy, wanted: str
) -> Understood:
    found = wanted if tags.get(wanted, "").strip() else _near(key, rule, tags, wanted)
    value = tags.get(found, "").strip() if found else ""
    if not value:
        return Understood(key, wanted)
    wrong = _wrong(rule, value, policy)
    meant = value if wrong is None else wrong.suggestion
    return Understood(key, wanted, found, value, meant, wrong)


def _near(key: str, rule: TagRule, tags: Mapping[str, str], wanted: str) -> str:
    """The key that was most likely meant for the wanted one; empty where there is none."""
    words = [normal(one) for one in (wanted, key, *rule.also)]
    candidates = sorted(
        (words.index(normal(one)), one)
        for one, value in tags.items()
        if normal(one) in words and value.strip() and not one.startswith(_SET_BY_AWS)
    )
    return candidates[0][1] if candidates else ""


def _wrong(rule: TagRule, value: str, policy: Policy) -> Wrong | None:
    if rule.pattern:
        return by_pattern(rule.pattern, value)
    if rule.one_of:
        meant = {normal(one): one for one in rule.one_of}
        return one_of(rule.one_of, value, lambda word: meant.get(normal(word), ""))
    if rule.form is Form.ENVIRONMENT:
        return one_of(policy.environments, value, policy.meant_environment)
    return in_form(rule.form, value)


def misspelt(understood: Mapping[str, Understood]) -> Iterator[Understood]:
    """The tags that are there under another key, or with another spelling of an allowed value."""
    for one in understood.values():
        if one.is_misspelt or (one.wrong and one.wrong.suggestion):
            yield one
