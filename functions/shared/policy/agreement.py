"""Whether a policy knows the environments that the settings speak of. Pure."""

from collections.abc import Iterable

from functions.shared.config import WardenConfig
from functions.shared.core.text import listed
from functions.shared.policy.model import Policy


def disagreements(policy: Policy, config: WardenConfig) -> list[str]:
    """The settings that name an environment which the policy does not have, each with the fix."""
    named: dict[str, Iterable[str]] = {
        "guard.modes": config.guard.modes,
        "guard.budget.environments": config.guard.budget.environments,
        "detector.signals.environments": config.detector.signals.environments,
    }
    known = listed(list(policy.environments), 20)
    return [
        f"environments: the setting {setting} names {listed(stray, 5)}, and the policy has "
        f"{known}; add it to the policy, or remove it from the setting"
        for setting, names in named.items()
        if (stray := sorted(set(names) - set(policy.environments)))
    ]
