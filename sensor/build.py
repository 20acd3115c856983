"""Build the library for both processors of Lambda: `python -m sensor.build`.

Zig brings the compiler, the linker and the symbols of an old glibc, so that the result runs on
Amazon Linux 2 and later and is the same, byte for byte, on every machine. What is built is kept in
the repository: who deploys needs no compiler, and a test builds it anew and compares.
"""

import subprocess
import sys
from pathlib import Path
from typing import Final

from sensor.built import BUILT, PROCESSORS, library

SOURCES: Final = Path(__file__).with_name("src")
GLIBC: Final = "2.17"
"""Amazon Linux 2 has 2.26; 2.17 is the oldest that has both processors."""

_OPTIONS: Final = (
    *("-shared", "-fPIC", "-O2", "-std=gnu11", "-D_GNU_SOURCE", "-fvisibility=hidden"),
    *("-fno-sanitize=undefined", "-Wall", "-Wextra", "-Werror", "-s"),
    *("-Wl,--build-id=none", "-Wl,-z,now", "-Wl,-soname,warden-sensor.so"),
)


class BuildError(RuntimeError):
    """The library could not be built; the message is the compiler's."""


def build(processor: str, into: Path) -> None:
    """Build the library for one processor.

    Args:
        processor: One of `PROCESSORS`.
        into: The file to write.

    Raises:
        BuildError: The compiler is not installed, or does not accept the source.
    """
    into.parent.mkdir(parents=True, exist_ok=True)
    # Names without folders: where the checkout lies must not change the result.
    names = sorted(path.name for path in SOURCES.glob("*.c"))
    command = [
        *(sys.executable, "-m", "ziglang", "cc", "-target", f"{processor}-linux-gnu.{GLIBC}"),
        *(*_OPTIONS, "-o", str(into.resolve()), *names, "-ldl"),
    ]
    result = subprocess.run(command, cwd=SOURCES, capture_output=True, text=True, check=False)
    if result.returncode:
        raise BuildError(f"the sensor for {processor} cannot be built:\n{result.stderr.strip()}")


def main() -> None:
    """Build both into the repository."""
    for processor in PROCESSORS:
        build(processor, library(processor))
        size = library(processor).stat().st_size
        sys.stdout.write(f"{library(processor).relative_to(BUILT.parent.parent)}: {size:,} bytes\n")


if __name__ == "__main__":
    main()
