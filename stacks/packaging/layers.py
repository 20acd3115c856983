"""Third-party dependencies as Lambda layers, built by uv without Docker.

A build is kept under a name derived from everything that it depends on, so that the next synth
finds it there. Each layer holds a `python` folder, as Lambda expects.
"""

import compileall
import hashlib
import os
import py_compile
import shutil
import subprocess
import sys
import tempfile
from importlib.metadata import distributions
from pathlib import Path
from typing import Final

from packaging.utils import canonicalize_name

from stacks.packaging.project import FUNCTIONS, LAYER_CACHE, LOCK
from stacks.part import Part
from stacks.target import Target

COMMON: Final = FUNCTIONS / "requirements.txt"
PROVIDED: Final = Path(__file__).with_name("provided_by_lambda.txt")

_REVISION: Final = b"4"
"""Raise it when the builder changes what it leaves in a layer."""

_WASTE_FOLDERS: Final = ("__pycache__", "tests", "bin")
_WASTE_METADATA: Final = ("INSTALLER", "REQUESTED", "direct_url.json", "uv_cache.json")


class LayerBuildError(RuntimeError):
    """A layer could not be built; the message ends with what uv said."""


def extra_requirements(part: Part) -> Path | None:
    """The requirement file of one function's own layer, None where it needs none."""
    path = FUNCTIONS / part.folder / "requirements.txt"
    return path if path.exists() else None


def build_layer(requirements: Path, target: Target, cache: Path = LAYER_CACHE) -> Path:
    """Return the folder of a layer with these requirements, building it if it is not there.

    Args:
        requirements: Requirement file; its versions and hashes come from requirements.lock.
        target: Whose platform and Python version the wheels must fit.
        cache: Folder of finished layers.

    Raises:
        LayerBuildError: A requirement cannot be had as a wheel for the target, or is not the file
            that the lock names.
    """
    finished = cache / f"{requirements.parent.name}-{_key(requirements, target)}"
    if finished.exists():
        return finished
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache, prefix="building-") as folder:
        layer = Path(folder) / "layer"
        _install(requirements, layer / "python", target)
        _refuse_unlocked(layer / "python")
        _tidy(layer / "python")
        if target.python == f"{sys.version_info.major}.{sys.version_info.minor}":
            _compile(layer / "python")
        try:
            layer.rename(finished)
        except OSError:  # another synth finished the same layer first
            if not finished.exists():
                raise
    return finished


def _key(requirements: Path, target: Target) -> str:
    parts = (
        _REVISION,
        requirements.read_bytes(),
        LOCK.read_bytes(),
        PROVIDED.read_bytes(),
        f"{target.python} {target.wheels or _host()}".encode(),
    )
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:16]


def _host() -> str:
    return f"{sys.platform} {os.uname().machine} {sys.version}"


def _install(requirements: Path, into: Path, target: Target) -> None:
    platform = ["--python-platform", target.wheels] if target.wheels else []
    command = [
        *(sys.executable, "-m", "uv", "pip", "install", "--quiet", "--no-config"),
        *("--target", str(into), "--python", sys.executable),
        *("--python-version", target.python, *platform),
        *("--only-binary", ":all:", "--link-mode", "copy"),
        *("--requirements", str(requirements), "--constraints", str(LOCK), "--verify-hashes"),
        *("--excludes", str(PROVIDED)),
    ]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode:
        raise LayerBuildError(
            f"{requirements.parent.name}/{requirements.name} cannot be installed for Python "
            f"{target.python} on {target.wheels or 'this host'}:\n{result.stderr.strip()}"
        )


def _refuse_unlocked(packages: Path) -> None:
    """Refuse what the lock does not name: nothing could tell whether it is the right file.

    Raises:
        LayerBuildError: There is such a package.
    """
    locked = {
        canonicalize_name(line.partition("==")[0])
        for line in LOCK.read_text(encoding="utf-8").splitlines()
        if "==" in line and not line.startswith(" ")
    }
    names = {canonicalize_name(one.metadata["Name"]) for one in distributions(path=[str(packages)])}
    if unlocked := sorted(names - locked):
        raise LayerBuildError(f"{unlocked[0]}: not in {LOCK.name}; run make lock")


def _tidy(packages: Path) -> None:
    """Drop what no import needs. Package metadata stays: the scanner reads it."""
    for folder in [path for name in _WASTE_FOLDERS for path in packages.rglob(name)]:
        if folder.is_dir():
            shutil.rmtree(folder, ignore_errors=True)
    for name in _WASTE_METADATA:
        for file in packages.glob(f"*.dist-info/{name}"):
            file.unlink()


def _compile(packages: Path) -> None:
    """Leave byte code beside the sources, so that no cold start has to compile them.

    Only the target's own Python can do it. The byte code is marked as never to be compared with
    its source, whose time of change does not survive the way through an archive.
    """
    compileall.compile_dir(
        packages,
        quiet=1,
        stripdir=str(packages),
        invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
    )
