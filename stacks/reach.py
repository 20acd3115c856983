"""What a function works with: as its permissions name it, and as its variables tell it of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self


@dataclass(frozen=True, slots=True)
class Reach:
    """Things within a function's reach; `|` adds more of them.

    Attributes:
        places: Fields of `Places`, which the permission table fills its ARNs from.
        environment: `WARDEN_*` variables.
    """

    places: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)

    def __or__(self, other: Self) -> Self:
        """Both together."""
        return type(self)(
            {**self.places, **other.places}, {**self.environment, **other.environment}
        )
