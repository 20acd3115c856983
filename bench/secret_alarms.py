"""False alarms of the search for credentials, measured on published packages.

Whatever a registry publishes is public, so every hit is a false alarm. The worst case is measured:
each folder is searched as if its owner had written all of it, without the exemption that installed
packages have in a deployed function.

    uv pip install --target packages requests boto3 django stripe PyJWT cryptography ...
    python -m bench.secret_alarms packages
"""

import argparse
import io
import resource
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

from functions.scanner.secrets.code import read_code_secrets
from functions.scanner.secrets.found import CodeSecrets

_FILES_AT_ONCE = 500


def main() -> None:
    """Search the folders named on the command line and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="+", type=Path)
    for folder in parser.parse_args().folder:
        _measure(folder)


def _measure(folder: Path) -> None:
    files = size = 0
    seconds = 0.0
    found = CodeSecrets()
    for names, archive in _archives(folder):
        start = time.perf_counter()
        found += read_code_secrets(archive)
        seconds += time.perf_counter() - start
        files += len(names)
        size += sum((folder / name).stat().st_size for name in names)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{folder}: {files} files, {size / 1e6:.0f} MB, {seconds:.1f} s, peak {peak:.0f} MB, "
        f"{len(found.places)} false alarms, {len(found.unread)} groups of files not searched"
    )
    for place in found.places:
        print(f"  {place.path}:{place.line} {place.kind}")


def _archives(folder: Path) -> Iterator[tuple[list[str], io.BytesIO]]:
    """The files of a folder in archives of moderate size, without what marks them as installed."""
    names = [
        str(path.relative_to(folder))
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink() and ".dist-info/" not in str(path)
    ]
    for start in range(0, len(names), _FILES_AT_ONCE):
        group = names[start : start + _FILES_AT_ONCE]
        data = io.BytesIO()
        with zipfile.ZipFile(data, "w") as archive:
            for name in group:
                archive.write(folder / name, name.replace("node_modules/", "modules/"))
        yield group, data


if __name__ == "__main__":
    main()
