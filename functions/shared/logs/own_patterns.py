"""Where the patterns lie that users add: one file each in Warden's bucket."""

from typing import Final

FOLDER: Final = "log-patterns/"
_ENDING: Final = ".toml"


def key_of(id_: str) -> str:
    """The key of a pattern's file."""
    return f"{FOLDER}{id_}{_ENDING}"


def id_of(key: str) -> str:
    """The id of the pattern in a file; empty where the file is none."""
    name = key.removeprefix(FOLDER)
    return name.removesuffix(_ENDING) if name.endswith(_ENDING) and "/" not in name else ""
