"""What of an image is kept for the readers. Pure.

The owner's files are kept with their contents: all that is not in a folder of the operating system.
Of those, only what describes packages is kept.
"""

from collections.abc import Collection
from enum import StrEnum
from typing import Final

_SYSTEM: Final = frozenset({
    "bin", "boot", "dev", "etc", "lib", "lib32", "lib64", "libx32", "media", "mnt", "proc", "run",
    "sbin", "sys", "tmp", "usr", "var",
})  # fmt: skip
# Within these: where images keep the owner's code all the same.
_OWN: Final = ("var/task/", "usr/src/", "usr/app/")
_DATABASES: Final = frozenset({
    "var/lib/dpkg/status", "lib/apk/db/installed", "usr/lib/apk/db/installed",
    "var/lib/rpm/rpmdb.sqlite", "usr/lib/sysimage/rpm/rpmdb.sqlite",
    "var/lib/rpm/Packages", "var/lib/rpm/Packages.db", "usr/lib/sysimage/rpm/Packages.db",
    "etc/os-release", "usr/lib/os-release",
})  # fmt: skip
_DISTROLESS: Final = "var/lib/dpkg/status.d/"
_DESCRIBING: Final = (
    "/metadata", "/pkg-info", "/package.json", ".jar", ".war", ".deps.json", ".gemspec",
)  # fmt: skip
_FOLDERS: Final = (".dist-info/", ".egg-info/")


class Part(StrEnum):
    """What a file of an image is to the readers."""

    OWN = "own"
    SYSTEM = "describes a package of the system's"
    DATABASE = "lists packages of the operating system"
    NOTHING = "nothing"


def part_of(path: str, own: Collection[str] = ()) -> Part:
    """What a file is.

    Args:
        path: Its path from the root, without a slash before it.
        own: Folders (ending in a slash) and files that the image's configuration points at.
    """
    if path in _DATABASES or path.startswith(_DISTROLESS):
        return Part.DATABASE
    top = path.partition("/")[0]
    if top not in _SYSTEM or path.startswith(_OWN):
        return Part.OWN
    if path in own or any(path.startswith(one) for one in own if one.endswith("/")):
        return Part.OWN
    lower = f"/{path.lower()}"
    if lower.endswith(_DESCRIBING) or any(one in lower for one in _FOLDERS):
        return Part.SYSTEM
    return Part.NOTHING


def own_places(configuration: object) -> tuple[str, ...]:
    """Where an image's configuration says that the owner's code is: its folder, and its program."""
    inner = configuration.get("config") if isinstance(configuration, dict) else None
    if not isinstance(inner, dict):
        return ()
    found = []
    folder = str(inner.get("WorkingDir") or "").strip("/")
    # A folder of the system itself, such as /usr/bin, is not the owner's.
    if folder.count("/") >= 1 or folder.partition("/")[0] not in _SYSTEM:
        found += [f"{folder}/"] if folder and folder not in _SHARED else []
    for key in ("Entrypoint", "Cmd"):
        words = inner.get(key)
        if isinstance(words, list) and words and str(words[0]).startswith("/"):
            program = str(words[0]).lstrip("/")
            if program.rpartition("/")[2] not in _INTERPRETERS:
                found.append(program)
    return tuple(dict.fromkeys(found))


_SHARED: Final = frozenset({"usr/bin", "usr/local", "usr/local/bin", "usr/lib", "usr/local/lib"})
_INTERPRETERS: Final = frozenset({
    "aws-lambda-rie", "bash", "env", "java", "lambda-entrypoint.sh", "node", "npm", "npx", "python",
    "python3", "ruby", "sh", "dotnet", "tini", "docker-entrypoint.sh",
})  # fmt: skip
