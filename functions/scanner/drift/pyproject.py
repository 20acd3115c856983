"""A Python project's manifest: what it needs at run time, for lockfiles that do not say.

https://packaging.python.org/specifications/pyproject-toml/ and Poetry's own tables,
https://python-poetry.org/docs/pyproject/.
"""

import re
import tomllib
from typing import Any, Final, NamedTuple

from functions.scanner.drift.locked import LockfileError
from functions.scanner.drift.versions import normal_name
from functions.shared.core import bounded_toml

_REQUIREMENT: Final = re.compile(r"\s*([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)")


class PyProject(NamedTuple):
    """Names of direct dependencies, normalised.

    Attributes:
        name: The project's own name.
        runtime: Needed at run time.
        optional: Of extras, or marked optional.
    """

    name: str
    runtime: frozenset[str]
    optional: frozenset[str]


def parse_pyproject(text: str) -> PyProject:
    """Read a pyproject.toml.

    Raises:
        LockfileError: It is no TOML, or its tables are not as the specification has them.
    """
    try:
        document = bounded_toml.loads(text)
        project = document.get("project", {})
        poetry = document.get("tool", {}).get("poetry", {})
        runtime, optional = _poetry(poetry.get("dependencies", {}))
        runtime |= {_name(item) for item in project.get("dependencies", [])}
        for items in project.get("optional-dependencies", {}).values():
            optional |= {_name(item) for item in items}
        name = str(project.get("name") or poetry.get("name") or "")
    except (tomllib.TOMLDecodeError, RecursionError, AttributeError, TypeError) as error:
        raise LockfileError(
            "pyproject.toml", f"not understood ({error})", "upload the file as it is"
        ) from error
    return PyProject(normal_name("PyPI", name), frozenset(runtime), frozenset(optional - runtime))


def _poetry(table: dict[str, Any]) -> tuple[set[str], set[str]]:
    """Names of Poetry's dependency table: required, and optional."""
    required: set[str] = set()
    optional: set[str] = set()
    for key, value in table.items():
        if key == "python":
            continue
        chosen = isinstance(value, dict) and value.get("optional") is True
        (optional if chosen else required).add(normal_name("PyPI", key))
    return required, optional


def _name(requirement: object) -> str:
    match = _REQUIREMENT.match(str(requirement))
    return normal_name("PyPI", match[1]) if match else ""
