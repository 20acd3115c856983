"""Synthesized apps, kept under a name derived from everything that they are made of.

Synthesizing starts two Node processes and loads the CDK, and deploying packs every asset; both
leave the same bytes as long as nothing has changed. The packed assets lie in the assembly too.
"""

import hashlib
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from demo.project import LOCAL, ROOT

_ASSEMBLIES: Final = LOCAL / "assemblies"
_KEPT: Final = 6
_NO_PART_OF_IT: Final = frozenset(
    {"bench", "build", "cdk.out", "demo", "dist", "docs", "examples", "node_modules", "tests"}
)
"""Folders of the checkout that the app does not read; any other counts as a source."""


def kept_assembly(
    context: str,
    synthesize: Callable[[Path], None],
    *,
    root: Path = ROOT,
    kept: Path = _ASSEMBLIES,
) -> Path:
    """Return the folder of an app that was synthesized from the present sources.

    Args:
        context: What the app is told besides its sources.
        synthesize: Synthesizes it into a folder, where there is none yet.
        root: The checkout.
        kept: Folder of assemblies; the oldest of them go.
    """
    finished = kept / _key(context, root)
    if finished.exists():
        os.utime(finished)
        return finished
    kept.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=kept, prefix="unfinished-") as folder:
        made = Path(folder) / "cdk.out"
        synthesize(made)
        try:
            made.rename(finished)
        except OSError:  # another run finished the same one first
            if not finished.exists():
                raise
    _forget_oldest(kept)
    return finished


def _key(context: str, root: Path) -> str:
    digest = hashlib.sha256(f"{context}\0{sys.version}\0{root}".encode())
    for file in _sources(root):
        digest.update(f"\0{file.relative_to(root)}\0".encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:24]


def _sources(root: Path) -> Iterator[Path]:
    for folder, folders, files in os.walk(root):
        here = Path(folder)
        left_out = {"__pycache__", *(_NO_PART_OF_IT if here == root else ())}
        folders[:] = sorted(one for one in folders if one not in left_out and one[0] != ".")
        yield from (here / one for one in sorted(files) if one[0] != "." and one[-3:] != ".md")


def _forget_oldest(kept: Path) -> None:
    there = sorted(kept.iterdir(), key=lambda one: one.stat().st_mtime, reverse=True)
    for old in there[_KEPT:]:
        if not old.name.startswith("unfinished-"):
            shutil.rmtree(old, ignore_errors=True)
