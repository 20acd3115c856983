"""The library as built, one file for each processor, and the layer that carries it."""

import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

BUILT: Final = Path(__file__).parent
PROCESSORS: Final = ("x86_64", "aarch64")

PRELOAD: Final = "/opt/warden/$PLATFORM/sensor.so"
"""Value of `LD_PRELOAD`, the same for both processors: the loader replaces `$PLATFORM`."""

# Source: glibc, sysdeps/x86/cpu-features.c: until 2.36 the loader of x86_64 calls newer processors
# of Intel by these names; everything else is called as the kernel does.
_PLATFORMS: Final[Mapping[str, tuple[str, ...]]] = {
    "x86_64": ("x86_64", "haswell", "xeon_phi"),
    "aarch64": ("aarch64",),
}


def library(processor: str) -> Path:
    """The built library for one of `PROCESSORS`."""
    return BUILT / processor / "sensor.so"


def layer(into: Path, policy: str = "") -> None:
    """Write the content of the layer into a folder that does not exist, in one step.

    Args:
        into: The folder.
        policy: A policy for every function that has this layer and no variable of its own.
    """
    if into.exists():
        return
    into.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=into.parent, prefix="building-") as folder:
        for processor, platforms in _PLATFORMS.items():
            for platform in platforms:
                place = Path(folder) / "layer" / "warden" / platform
                place.mkdir(parents=True)
                shutil.copyfile(library(processor), place / "sensor.so")
        if policy:
            (Path(folder) / "layer" / "warden" / "policy").write_text(f"{policy}\n")
        try:
            (Path(folder) / "layer").rename(into)
        except OSError:  # another synth was first
            if not into.exists():
                raise
