"""The vocabulary of the permission table."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Grant:
    """One statement of a role, with its reasons.

    Attributes:
        name: Statement id: letters and digits.
        actions: IAM actions, never with a wildcard.
        resources: ARN templates. Names in braces stand for what only a deployment knows:
            `{partition}`, `{region}`, `{account}`, and the places of `stacks.permissions.places`.
        why: What the function needs this for.
        wildcard: Why the resources cannot be narrower; needed where one holds a `*`.
        conditions: Operator to condition key to value, or to several.
        denied: Whether this forbids instead, whatever else allows it.
    """

    name: str
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    why: str
    wildcard: str = ""
    conditions: Mapping[str, Mapping[str, str | list[str]]] = field(default_factory=dict)
    denied: bool = False

    def __post_init__(self) -> None:
        if any("*" in action for action in self.actions):
            raise ValueError(f"{self.name}: name the actions, no wildcards")
        if any("*" in resource for resource in self.resources) and not self.wildcard:
            raise ValueError(f"{self.name}: a wildcard needs its reason")


def literal(text: str) -> str:
    """Text for an ARN template in which braces stand for themselves."""
    return text.replace("{", "{{").replace("}", "}}")
