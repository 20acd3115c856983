"""What the policy makes of one function: what its rules look at."""

from dataclasses import dataclass
from datetime import date

from functions.shared.config import TagPolicy
from functions.shared.policy.model import Exemption, Policy
from functions.tag_enforcer.belonging import Belonging, belonging, exemption
from functions.tag_enforcer.problems import Problem, problems
from functions.tag_enforcer.tagged import TaggedFunction


@dataclass(frozen=True, slots=True)
class JudgedFunction:
    """A function under the policy.

    Attributes:
        tagged: The function and its tags.
        belonging: Whose it is and where it belongs.
        problems: What is wrong with its tags; empty where it is exempt.
        exemption: Why the policy does not hold for it; None where it does.
        names: What the settings call the owner's, the environment's and the expiry's tag.
    """

    tagged: TaggedFunction
    belonging: Belonging
    problems: tuple[Problem, ...]
    exemption: Exemption | None
    names: TagPolicy


def judge(one: TaggedFunction, policy: Policy, names: TagPolicy, today: date) -> JudgedFunction:
    """Hold a function against the policy. Pure."""
    found = belonging(one, policy, names)
    exempt = exemption(one, policy, today)
    wrong = () if exempt else problems(one.tags, found, policy, names, today)
    return JudgedFunction(one, found, wrong, exempt, names)
