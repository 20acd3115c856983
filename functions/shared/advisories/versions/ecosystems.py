"""Each ecosystem's own version order, under the ecosystem's OSV name."""

from typing import Final

from functions.shared.advisories.versions import (
    crates,
    golang,
    maven,
    npm,
    nuget,
    pypi,
    rubygems,
)
from functions.shared.advisories.versions.order import Order

_ORDERS: Final[dict[str, Order]] = {
    "PyPI": Order(pypi.parse, without_label=pypi.without_local_label),
    "npm": Order(npm.parse),
    "Maven": Order(maven.parse),
    "Go": Order(golang.parse),
    "crates.io": Order(crates.parse),
    "NuGet": Order(nuget.parse),
    "RubyGems": Order(rubygems.parse),
}

ECOSYSTEMS: Final = tuple(_ORDERS)


def order_of(ecosystem: str) -> Order | None:
    """The version order of an ecosystem, or None where we know none."""
    return _ORDERS.get(ecosystem)
