"""Building the deployment packages of the estate, and keeping them for the next run."""

import hashlib
import json
import os
import tempfile
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import Final

from demo.estate.archives import damaged, files_below, zipped
from demo.estate.handlers import handler_files
from demo.estate.registries import download_node, download_python
from demo.estate.sample import SampleFunction
from demo.programs import Programs

_REVISION: Final = "1"
"""Raise it when the same recipe gives another archive."""


def build_all(
    functions: Iterable[SampleFunction], cache: Path, programs: Programs
) -> dict[str, bytes]:
    """The package of every function by its name; downloads only what the cache lacks.

    Raises:
        ProgramFailedError: A registry did not give a package.
    """
    cache.mkdir(parents=True, exist_ok=True)
    wanted = list(functions)
    with ThreadPoolExecutor(max_workers=4) as pool:
        archives = pool.map(lambda function: _built(function, cache, programs), wanted)
        return {function.name: archive for function, archive in zip(wanted, archives, strict=True)}


def _built(function: SampleFunction, cache: Path, programs: Programs) -> bytes:
    kept = cache / f"{function.name}-{_recipe(function)}.zip"
    if kept.exists():
        return kept.read_bytes()
    archive = _build(function, programs)
    draft = kept.with_suffix(f".{os.getpid()}.new")  # several runs may build at once
    draft.write_bytes(archive)
    draft.replace(kept)
    return archive


def _recipe(function: SampleFunction) -> str:
    """Identity of everything that an archive is made from."""
    handler = {name: body.decode() for name, body in handler_files(function).items()}
    parts = [_REVISION, asdict(function.contents), handler]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:12]


def _build(function: SampleFunction, programs: Programs) -> bytes:
    contents = function.contents
    files = handler_files(function)
    with tempfile.TemporaryDirectory(prefix="estate-") as name:
        folder = Path(name) / "package"
        folder.mkdir()
        if contents.python:
            download_python(contents.python, folder, programs)
        if contents.node:
            download_node(contents.node, folder, programs)
        files |= files_below(folder)
    archive = zipped(files)
    return damaged(archive, contents.damaged) if contents.damaged else archive
