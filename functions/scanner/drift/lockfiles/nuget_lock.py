"""packages.lock.json of NuGet.

https://learn.microsoft.com/en-us/nuget/consume-packages/package-references-in-project-files
"""

import json
from typing import Final

from functions.scanner.drift.locked import Locked, LockedPackage, LockfileError, Need
from functions.scanner.drift.lockfiles.source import Source

_FIX: Final = "upload the file that `dotnet restore --use-lock-file` wrote"


def parse_nuget_lock(source: Source) -> Locked:
    """Read the file, all its target frameworks together.

    It does not say which packages bring nothing to run time (analyzers, build tasks), so nothing is
    called missing.

    Raises:
        LockfileError: It is no packages.lock.json.
    """
    packages: dict[tuple[str, str], LockedPackage] = {}
    own: set[str] = set()
    try:
        for target in json.loads(source.text)["dependencies"].values():
            for name, row in target.items():
                if row["type"] == "Project":
                    own.add(name)
                    continue
                version = str(row["resolved"])
                packages[name, version] = LockedPackage(name, version, Need.OPTIONAL)
    except (ValueError, RecursionError) as error:
        raise LockfileError(source.name, f"no JSON ({error})", _FIX) from error
    except (KeyError, TypeError, AttributeError) as error:
        raise LockfileError(source.name, f"a package is incomplete ({error})", _FIX) from error
    return Locked("NuGet", tuple(packages.values()), own=frozenset(own))
