"""What would tell the versions of bundled packages that are not known. Pure."""

from typing import Final

from functions.scanner.bundles.versions import Joined, lacks_version
from functions.scanner.inventory.problems import OPEN_ENDS
from functions.scanner.inventory.readers.bundled import is_bundled
from functions.shared.core.packages import Inventory
from functions.shared.core.text import plain

CONTENTS: Final = "bundled-code"
"""The problem that not all packages of a bundle are named."""

_LOCKFILE: Final = (
    "upload the project's lockfile after each deployment and name its folder by the function's "
    "source tag (docs/drift.md)"
)
_MODULES: Final = (
    "deploy the bundler's source map or its list of modules beside the bundle "
    "(docs/bundled-javascript.md)"
)
_SBOM: Final = "put an SBOM of the project into the package, as bom.json"


def closing_steps(inventory: Inventory, joined: Joined | None) -> tuple[str, ...]:
    """What to do so that nothing of a bundle remains unknown; nothing where it is all known.

    Args:
        inventory: What is known of the code, with the versions that a lockfile added.
        joined: What came of lockfiles; None where the function has none.
    """
    codes = {problem.code for problem in inventory.problems}
    lacking = [one for one in inventory.packages if is_bundled(one) and lacks_version(one)]
    unsure = [one for one in inventory.packages if is_bundled(one) and one.candidates]
    if not (codes & OPEN_ENDS or unsure):
        return ()
    used = joined.file if joined else ""
    refused = joined.refused if joined else ()
    steps: list[str] = []
    if refused and not used:
        steps.append(f"upload the lockfile of the deployed build ({plain(refused[0], 160)})")
    elif not used and (lacking or CONTENTS in codes):
        steps.append(_LOCKFILE)
    if CONTENTS in codes or any(not one.module for one in [*lacking, *unsure]):
        steps.append(_MODULES)
    if lacking and used:
        steps.append(f"build with what {used} says: it lacks {plain(lacking[0].name, 80)}")
    steps.append(f"or {_SBOM}" if steps else _SBOM)
    return tuple(steps)
