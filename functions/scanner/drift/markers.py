"""Environment markers of Python dependencies, judged for Lambda.

https://packaging.python.org/specifications/dependency-specifiers/#environment-markers
"""

from functools import cache
from typing import Final

_LINUX: Final = {
    "os_name": "posix",
    "sys_platform": "linux",
    "platform_system": "Linux",
    "platform_python_implementation": "CPython",
    "implementation_name": "cpython",
    "extra": "",
}
# Python versions and processors that a function may run on; unknown from a lockfile alone.
_VERSIONS: Final = ("3.9", "3.10", "3.11", "3.12", "3.13", "3.14")
_LONGEST: Final = 4096
_MACHINES: Final = ("x86_64", "aarch64")


@cache
def always_applies(marker: str) -> bool:
    """Whether a dependency under this marker is needed on Lambda whatever runtime is chosen.

    False for markers of other platforms, of some Python versions or processors only, of extras,
    and for what is no marker.
    """
    if not marker.strip():
        return True
    if len(marker) > _LONGEST:
        return False
    # Imported here: only lockfiles with markers need it.
    from packaging.markers import InvalidMarker, Marker, UndefinedComparison  # noqa: PLC0415

    try:
        parsed = Marker(marker)
        return all(
            parsed.evaluate(
                {
                    **_LINUX,
                    "python_version": version,
                    "python_full_version": f"{version}.0",
                    "platform_machine": machine,
                }
            )
            for version in _VERSIONS
            for machine in _MACHINES
        )
    except (InvalidMarker, UndefinedComparison, RecursionError):
        return False
