"""The package that an address or a path names: by its file name, or by the fragment `egg`.

https://packaging.python.org/en/latest/specifications/direct-url/ and pip's VCS support,
https://pip.pypa.io/en/stable/topics/vcs-support/
"""

from typing import Final
from urllib.parse import parse_qs, unquote, urlsplit

from functions.scanner.drift.locked import LockedPackage
from functions.scanner.drift.versions import normal_name

_LONGEST: Final = 4096


def package_of(reference: str) -> LockedPackage | None:
    """The package, with its version where the file name has it; None where none is named.

    Args:
        reference: A path, or an address such as `git+https://host/team/mine.git@v1#egg=mine`.
    """
    # Imported here: only requirements that name files need it.
    from packaging.utils import (  # noqa: PLC0415
        InvalidSdistFilename,
        InvalidWheelFilename,
        parse_sdist_filename,
        parse_wheel_filename,
    )

    try:
        parts = urlsplit(reference[:_LONGEST])
        file = unquote(parts.path).rpartition("/")[2]
        egg = parse_qs(parts.fragment).get("egg", [""])[0].partition("[")[0]
        if file.endswith(".whl"):
            name, version = parse_wheel_filename(file)[:2]
        else:
            name, version = parse_sdist_filename(file)
    except (InvalidSdistFilename, InvalidWheelFilename):
        return LockedPackage(normal_name("PyPI", egg), "") if egg else None
    except ValueError:  # no address at all
        return None
    return LockedPackage(str(name), str(version))
