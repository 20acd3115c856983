"""Which files of an image's layers are really there: later layers hide and delete earlier ones.

Layers are read from the last to the first, so that each file is met once, where it counts. Source:
OCI image specification, "Image Layer Filesystem Changeset", on whiteouts.
"""

import posixpath
from collections.abc import Iterator
from typing import Final

_WHITEOUT: Final = ".wh."
_OPAQUE: Final = ".wh..wh..opq"


class Overlay:
    """What the layers above hide; asked for each file of a layer, in its order."""

    def __init__(self) -> None:
        self._hidden: set[str] = set()  # these, and all that is below them
        self._opaque: set[str] = set()  # only what is below them
        self._folders: set[str] = set()
        self._next: list[tuple[set[str], str]] = []

    def shows(self, path: str, *, is_folder: bool = False) -> bool:
        """Whether a file of the present layer is there in the end; remembers what it hides.

        Args:
            path: As `clean_path` gives it.
            is_folder: Whether it is a folder, which hides no files below it in other layers.
        """
        folder, _, name = path.rpartition("/")
        if name == _OPAQUE:
            self._next.append((self._opaque, folder))
            return False
        if name.startswith(_WHITEOUT):
            deleted = posixpath.join(folder, name.removeprefix(_WHITEOUT))
            self._next.append((self._hidden, deleted))
            return False
        visible = not self._is_hidden(path, is_folder=is_folder)
        if visible:
            self._next.append((self._folders if is_folder else self._hidden, path))
        return visible

    def end_layer(self) -> None:
        """The layer is read: what it hides holds for those below it."""
        for names, path in self._next:
            names.add(path)
        self._next.clear()

    def _is_hidden(self, path: str, *, is_folder: bool) -> bool:
        if path in self._hidden or (path in self._folders and not is_folder):
            return True
        return any(one in self._hidden or one in self._opaque for one in _above(path))


def _above(path: str) -> Iterator[str]:
    while path:
        path = path.rpartition("/")[0]
        yield path


def clean_path(name: str) -> str | None:
    """A member's path from the root, without a slash before it; None for one that leads outside."""
    path = posixpath.normpath("/" + name.replace("\0", ""))
    if ".." in name.split("/") or not name.isprintable():
        return None
    return path.lstrip("/")
