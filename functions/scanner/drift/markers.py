"""Environment markers of Python dependencies, judged for Lambda.

https://packaging.python.org/specifications/dependency-specifiers/#environment-markers
"""

from functools import cache
from typing import Final, NamedTuple

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
# The first and any last one: AWS chooses which.
_PATCHES: Final = (0, 99)
_LONGEST: Final = 4096
_MACHINES: Final = ("x86_64", "aarch64")


class Target(NamedTuple):
    """What a function runs on, as far as it is known.

    Attributes:
        python: Its version of Python, such as `3.13`; empty where any may be.
        machine: Its processor by the name that Python gives it; empty where any may be.
    """

    python: str = ""
    machine: str = ""


ANYWHERE: Final = Target()
"""A function of which nothing is known."""


def target_of(runtime: str, architecture: str = "") -> Target:
    """What a function runs on.

    Args:
        runtime: Lambda's identifier, such as `python3.13`.
        architecture: Lambda's word for the processor, `x86_64` or `arm64`.
    """
    machine = {"x86_64": "x86_64", "arm64": "aarch64"}.get(architecture, "")
    return Target(runtime.removeprefix("python") if runtime.startswith("python") else "", machine)


@cache
def applies(marker: str, target: Target) -> bool:
    """Whether a dependency under this marker is needed, whatever of the target is not known.

    False for markers of other platforms, Python versions or processors, of extras, and for what is
    no marker.
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
                    "python_full_version": f"{version}.{patch}",
                    "platform_machine": machine,
                }
            )
            for version in ([target.python] if target.python else _VERSIONS)
            for patch in _PATCHES
            for machine in ([target.machine] if target.machine else _MACHINES)
        )
    except (InvalidMarker, UndefinedComparison, RecursionError):
        return False
