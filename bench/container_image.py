"""Reading a container image of about 1 GB: time and memory, against unpacking and hashing it only.

    python -m bench.container_image [FOLDER]

The image has one layer, with FOLDER (by default this environment's packages) under /var/task. It is
read from the disk, so that no network is measured. Memory is the process's peak.
"""

import hashlib
import resource
import sys
import sysconfig
import tarfile
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

from functions.scanner.images.manifest import Layer
from functions.scanner.images.read import read_image
from functions.scanner.images.stream import LayerStream

_MIB: Final = 1024 * 1024


def main(folder: Path) -> None:
    """Make the layer, read it both ways, and print the figures."""
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "layer.tar.gz"
        with tarfile.open(path, "w:gz", compresslevel=1) as archive:
            archive.add(folder, "var/task")
        with path.open("rb") as packed:
            digest = hashlib.file_digest(packed, "sha256").hexdigest()
        layer = Layer(f"sha256:{digest}", path.stat().st_size, "gzip")

        @contextmanager
        def opened(_: Layer) -> Iterator[BinaryIO]:
            with path.open("rb") as blob:
                yield blob

        began = time.process_time()
        with opened(layer) as blob:
            stream = LayerStream(blob, layer, lambda _: None)
            unpacked = sum(len(piece) for piece in iter(lambda: stream.read(_MIB), b""))
        plain = time.process_time() - began
        began = time.process_time()
        found = read_image([layer], opened)
        seconds = time.process_time() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"layer: {layer.size // _MIB} MB packed, {unpacked // _MIB} MB unpacked")
    print(f"unpacked and hashed only: {plain:.1f} s of processor time")
    print(f"read: {seconds:.1f} s, {seconds / plain:.1f} times as long; peak of memory {peak} MB")
    print(f"packages: {len(found.inventory.packages)}")
    for problem in found.inventory.problems:
        print(f"problem: {problem.detail}")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else sysconfig.get_path("purelib")))
