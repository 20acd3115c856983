"""A Node project's manifest: what it needs at run time, for lockfiles that do not say."""

import json
from typing import NamedTuple

from functions.scanner.drift.locked import LockfileError


class PackageJson(NamedTuple):
    """Direct dependencies by name, with the range that the manifest asks for.

    Attributes:
        name: The project's own name.
        runtime: Needed at run time.
        optional: Used where they can be installed.
        development: Needed to build and test.
    """

    name: str
    runtime: dict[str, str]
    optional: dict[str, str]
    development: dict[str, str]


def parse_package_json(text: str) -> PackageJson:
    """Read a package.json.

    Raises:
        LockfileError: It is no manifest.
    """
    try:
        manifest = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise LockfileError("package.json", f"no JSON ({error})", "upload the file as it is") from (
            error
        )
    if not isinstance(manifest, dict):
        raise LockfileError("package.json", "not an object", "upload the project's own manifest")

    def section(key: str) -> dict[str, str]:
        value = manifest.get(key)
        rows = value.items() if isinstance(value, dict) else ()
        return {str(name): str(wanted) for name, wanted in rows}

    optional = section("optionalDependencies")
    runtime = {
        name: wanted for name, wanted in section("dependencies").items() if name not in optional
    }
    return PackageJson(str(manifest.get("name", "")), runtime, optional, section("devDependencies"))
